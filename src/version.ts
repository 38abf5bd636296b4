/** Version of the package; a test holds it against package.json. */
export const VERSION = '0.1.0';

declare const DESPRAWL_BUILD: string | undefined;
/** Changes with every build that is another: what is kept between runs is good for one build only. */
export const BUILD: string = typeof DESPRAWL_BUILD === 'undefined' ? 'source' : DESPRAWL_BUILD;
