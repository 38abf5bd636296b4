/** The type written after a name, short. Read from the text: the tree without types is a quarter smaller. */

const TYPE = /\s*[?!]?\s*:\s*(?:readonly\s+)?([A-Za-z_$][\w$.]*(?:<[\w$.,\s[\]|'"]{1,80}>)?(?:\[\])?)/y;

/** `after`: the offset behind the name. */
export function typeAfter(text: string, after: number): string | undefined {
  TYPE.lastIndex = after;
  return TYPE.exec(text)?.[1]?.replace(/\s+/g, ' ');
}

/** `constructor(private readonly db: Database)` declares a field. */
export function isParameterProperty(text: string, start: number): boolean {
  return /(?:^|[\s(,])(?:public|private|protected|readonly|override)\s+$/.test(
    text.slice(Math.max(0, start - 24), start),
  );
}
