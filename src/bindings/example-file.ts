/** Files that propose variables and set none: `.env.example`. */
const EXAMPLE =
  /(?:^|\/)\.?env[\w.-]*\.(?:example|sample|template|dist|tpl)$|(?:example|sample|template)[\w.-]*\.env$/i;

export const isExampleFile = (path: string): boolean => EXAMPLE.test(path);
