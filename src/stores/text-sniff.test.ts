import { describe, expect, it } from 'vitest';
import { sniffText } from './text-sniff.ts';

const sniff = (path: string, text: string) => sniffText(Buffer.from(text), path);
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

describe('sniffText takes for rows', () => {
  it.each<[string, string, 'csv' | 'json' | 'jsonl']>([
    ['data/users.csv', 'id,name\n1,Ada\n', 'csv'],
    ['data/one-column.csv', 'name\nAda\nBen\n', 'csv'],
    ['data/users.csv.bak', 'id;name\n1;Ada\n', 'csv'],
    ['export.tsv', 'id\tname\n1\tAda\n', 'csv'],
    ['dump.txt', 'id,name,created_at\n1,Ada,2024-01-01\n2,Ben,2024-01-02\n3,Cy,2024-01-03\n', 'csv'],
    ['data/users.json', '[{"id":1,"name":"Ada"}]', 'json'],
    ['data/cut.json', `[${lines(9_000, (i) => `{"id":${i},"name":"x"},`)}`, 'json'],
    ['db.json', '{"users":[{"id":1,"name":"Ada"}],"posts":[]}', 'json'],
    ['export.json', '{"exported_at":"2024-01-01","count":1,"items":[{"id":1,"v":2}]}', 'json'],
    [
      'state.json',
      '{"a":{"value":1,"updated_at":"x"},"b":{"value":2,"updated_at":"x"},"c":{"value":3,"updated_at":"x"}}',
      'json',
    ],
    ['log/events.jsonl', '{"id":1}\n', 'jsonl'],
    ['events.json', '{"id":1,"e":"x"}\n{"id":2,"e":"y"}\n', 'jsonl'],
    ['users.json.bak', '[{"id":1,"name":"Ada"}]', 'json'],
    ['events.ndjson', '{"id":1}\n{"id"', 'jsonl'],
  ])('%s', (path, text, kind) => {
    expect(sniff(path, text)).toBe(kind);
  });
});

describe('sniffText leaves alone', () => {
  it.each<[string, string]>([
    ['package.json', '{"name":"x","contributors":[{"id":1,"name":"a"}]}'],
    ['web/tsconfig.base.json', '{"references":[{"path":"a","id":1}]}'],
    ['web/user.schema.json', '[{"id":1,"type":"x"}]'],
    ['src/locales/de.json', '[{"id":1,"text":"x"}]'],
    ['.vscode/tasks.json', '[{"id":1,"label":"x"}]'],
    ['package-lock.json', '[{"id":1}]'],
    ['public/manifest.json', '{"icons":[{"src":"x","id":1}]}'],
    ['api/openapi.json', '{"servers":[{"id":1,"url":"x"}]}'],
    ['composer.json', '{"authors":[{"name":"x","email":"y"}]}'],
    ['map.geojson', '{"type":"FeatureCollection","features":[{"id":1,"type":"Feature","geometry":{}}]}'],
    ['places.json', '{"type":"FeatureCollection","features":[{"id":1,"type":"Feature","geometry":{}}]}'],
    ['notebook.ipynb', '{"cells":[{"id":1,"cell_type":"code"}]}'],
    ['bundle.js.map', '{"version":3,"sources":[]}'],
    ['rules.json', '{"overrides":[{"files":"x","rules":"y"}]}'],
    ['one.json', '{"id":1,"name":"x","email":"y"}'],
    ['flags.json', '{"dark":{"default":true},"beta":{"owner":"x"},"old":{"since":1}}'],
    ['words.json', '["a","b"]'],
    ['empty.json', '[]'],
    ['broken.json', '{"a":'],
    ['README.md', 'id,name,date\n1,a,2024-01-01\n2,b,2024-01-01\n3,c,2024-01-01\n'],
    ['table.txt', '| id | name | n |\n| --- | --- | --- |\n| 1 | a | 1 |\n| 2 | b | 1 |\n| 3 | b | 1 |\n'],
    ['prose.txt', lines(20, (i) => `Well, this is a sentence, number ${i}, with commas, as prose has.`)],
    ['words.txt', lines(20, (i) => `word${i}`)],
    ['server.out', lines(20, (i) => `2024-01-01 10:00:${10 + i},INFO,started ${i}`)],
    ['settings.txt', lines(20, (i) => `key${i}=a,b,c`)],
    ['data.sql', lines(20, (i) => `INSERT INTO t VALUES (${i}, 1, 2);`)],
    ['script.py', lines(20, (i) => `call(a, ${i}, 3)`)],
    ['page.csv', '<!DOCTYPE html><html>,,,\n'],
    ['wrong.csv', '{"error":"not found","code":404}'],
    ['pointer.csv', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'],
    ['empty.csv', ''],
    ['list.txt', 'name,city,age\nAda,x,1\n'],
  ])('%s', (path, text) => {
    expect(sniff(path, text)).toBeNull();
  });

  it('a binary file, whatever its name', () => {
    expect(
      sniffText(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3, 4, 5, 6, 7]), 'picture.csv'),
    ).toBeNull();
  });
});
