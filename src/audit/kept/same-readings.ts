/** Whether files say the same of stores as before an edit that only moved what stands behind it in its line or its file. */
import type { FileReading } from '../read-file.ts';

export interface Readings {
  of(path: string): FileReading | undefined;
}

/** Offsets name the site of an opening within one reading of a file; here its place among the file's openings does. */
export function sameReadings(paths: Iterable<string>, before: Readings, now: Readings): boolean {
  const [was, is] = [numbering(before), numbering(now)];
  for (const path of paths) if (said(before.of(path), was) !== said(now.of(path), is)) return false;
  return true;
}

type Numbering = (file: string, start: number) => number;

function numbering(readings: Readings): Numbering {
  const known = new Map<string, ReadonlyMap<number, number>>();
  return (file, start) => {
    let places = known.get(file);
    if (places === undefined) {
      const starts = new Set((readings.of(file)?.openings ?? []).map((opening) => opening.start));
      places = new Map([...starts].sort((x, y) => x - y).map((one, index) => [one, index]));
      known.set(file, places);
    }
    return places.get(start) ?? start;
  };
}

function said(reading: FileReading | undefined, number: Numbering): string {
  if (reading === undefined) return '';
  const { openings, uses, ...rest } = reading;
  return JSON.stringify({
    openings: openings.map((opening) => ({ ...opening, start: number(opening.file, opening.start) })),
    uses: uses.map((use) => ({
      ...use,
      openings: use.openings.map((key) =>
        key.replace(/^(.*):(\d+):([^:]*)$/s, (_, file: string, start: string, what: string) =>
          [file, number(file, Number(start)), what].join(':'),
        ),
      ),
    })),
    ...rest,
  });
}
