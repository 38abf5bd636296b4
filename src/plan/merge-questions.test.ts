import { expect, it } from 'vitest';
import type { MergeQuestion } from '../merge/propose/model.ts';
import { decisionOf } from './merge-questions.ts';

const asked: MergeQuestion = {
  topic: 'tasks-differ',
  question: 'Which value is right?',
  evidence: [],
  choices: { target: 'a', source: 'b' },
  proposal: 'target',
  goes: ['target', 'source'],
  holds: 'merge',
};

it('a question that other answers make moot says when it counts', () => {
  expect(decisionOf('merge-hub', asked).question).toBe(asked.question);
  const onlyWith = [
    { topic: 'tasks-todo-twin', choice: 'into' },
    { topic: 'tasks-t.csv-import', choice: 'import' },
  ];
  expect(decisionOf('merge-hub', { ...asked, onlyWith })).toEqual({
    id: 'hub-tasks-differ',
    question:
      'Which value is right? (It counts only where hub-tasks-todo-twin is answered with into or hub-tasks-t.csv-import is answered with import.)',
    evidence: [],
    choices: asked.choices,
    proposal: 'target',
    chosen: null,
  });
});
