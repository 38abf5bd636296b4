import { describe, expect, it } from 'vitest';
import { detectDialect } from './dialect.ts';

const detect = (text: string | Uint8Array, path = 'x.csv') =>
  detectDialect(typeof text === 'string' ? Buffer.from(text) : text, path);

describe('detectDialect', () => {
  it.each<[string, string, object]>([
    ['a semicolon above decimal commas', 'id;price;tax\n1;2,50;0,19\n2;3,75;0,19\n', { delimiter: ';' }],
    ['a comma above times and pipes', 'id,at,x\n1,10:00|11:00,a;b\n2,12:00|13:00,c;d\n', { delimiter: ',' }],
    ['delimiters inside quotes', 'id,note\n1,"a;b;c;d"\n2,"e;f;g;h"\n', { delimiter: ',' }],
    ['pipes', 'id|name\n1|Ada\n', { delimiter: '|' }],
    ['apostrophes that enclose', "'id','name'\n'1','Ada, B'\n", { quote: "'", delimiter: ',' }],
    ['apostrophes that do not', "id,name\n1,'tis\n2,O'Neil\n", { quote: '"' }],
    ['old Mac line ends', 'id,name\r1,Ada\r', { eol: 'cr' }],
    ['mixed line ends', 'id,name\r\n1,Ada\n', { eol: 'mixed' }],
    ['a header of years', 'country,2019,2020\nFR,1,2\nDE,3,4\n', { header: true }],
    ['a header of positions', ',0,1\n0,a,b\n', { header: true }],
    ['no header: numbers', '1,Ada\n2,Ben\n', { header: false }],
    ['no header: the first record comes again', 'red,apple\nred,cherry\nred,apple\n', { header: false }],
    ['a header that comes again as a whole', 'id,name\n1,Ada\nid,name\n2,Ben\n', { header: true }],
  ])('%s', (_, text, expected) => {
    expect(detect(text)).toMatchObject(expected);
  });

  it('X2: a stray byte among many UTF-8 characters does not change the encoding', () => {
    const text = Buffer.concat([
      Buffer.from('name,city\nZoë,Köln\nJosé,München\n'),
      Buffer.from([0x61, 0xff, 0x2c, 0x62, 0x0a]),
    ]);
    expect(detect(text)?.encoding).toBe('utf-8');
    expect(detect(Buffer.from('name,city\nZoë,Köln\n', 'latin1'))?.encoding).toBe('windows-1252');
  });

  it('does not take a head that ends within a character for another encoding', () => {
    const text = Buffer.from(`name,city\n${'Zoë,Köln\n'.repeat(10_000)}`);
    for (let cut = 65_600; cut < 65_610; cut++) expect(detect(text.subarray(0, cut))?.encoding).toBe('utf-8');
  });
});
