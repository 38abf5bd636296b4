/** Makes the program of `killed-cli.ts` and the children that it starts, beside the packages that they need. */
import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export interface BundledCli {
  readonly program: string;
  remove(): void;
}

export async function bundleCli(): Promise<BundledCli> {
  const dir = mkdtempSync(join(repository, 'node_modules', '.crash-cli-'));
  const bundle = await rolldown({
    cwd: repository,
    input: {
      'killed-cli': 'test/crash/real/killed-cli.ts',
      worker: 'src/stores/child/worker.ts',
      'driver-probe': 'src/stores/child/driver-probe.ts',
      'read-worker': 'src/audit/read-worker.ts',
    },
    platform: 'node',
    transform: { define: { DESPRAWL_BUILD: JSON.stringify('crash') } },
    external: (id) => isBuiltin(id) || !/^[./]|^(killed-cli|test|src)\b/.test(id),
  });
  await bundle.write({ dir, format: 'esm', chunkFileNames: '[name]-[hash].js' });
  await bundle.close();
  return { program: join(dir, 'killed-cli.js'), remove: () => rmSync(dir, { recursive: true, force: true }) };
}
