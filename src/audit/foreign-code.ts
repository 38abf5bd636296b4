/** Code inside a project that others wrote or that nobody uses any more: its flaws are not this project's to repair. */

import { remembered } from '../lazily.ts';

/** Copies of packages and assets of libraries that were put beside the project's own files. */
const FOREIGN =
  /(?:^|\/)(?:node_modules|bower_components|site-packages|vendors?|third[_-]?party|wp-(?:includes|admin)|adminlte|tinymce|ckeditor\d*|codemirror|mathjax)[\w.-]*\/|(?:^|\/)(?:static|public|assets|wwwroot|media)\/(?:.*\/)?(?:plugins|libs?|vendors?|dist|packages|bower)\/|\.min\.[cm]?js$|[.-][0-9a-f]{8,}(?:\.chunk)?\.(?:[cm]?js|css)(?:\.map)?$/i;
const PUT_AWAY =
  /(?:^|[/._-])(?:archived?|old|old[_-]files|backups?|deprecated|legacy|trash|unused|attic|graveyard|bak)\//i;

export const isForeignCode: (path: string) => boolean = remembered((path: string) => FOREIGN.test(path));

/** In a folder that says of itself that it is not in use. */
export const isPutAway = (path: string): boolean => PUT_AWAY.test(path);
