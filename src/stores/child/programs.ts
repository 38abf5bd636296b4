/** Programs that desprawl starts as processes of their own: they lie beside this module, bundled or not. */
import { fileURLToPath } from 'node:url';

/** Run from source (in tests), the compiled program is started all the same. */
export function programPath(name: 'worker' | 'driver-probe'): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../../dist/stores/child/' : './';
  return fileURLToPath(new URL(`${folder}${name}.js`, import.meta.url));
}
