/** What a form refuses, without saying the value. */

/** `at`: position of the column. */
export class UnfitValue extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** The file has other columns than the export. */
export class OtherColumns extends Error {}
