/**
 * What script adds to the page: what a box touches is marked while the pointer or the keyboard is on it, and findings can be
 * filtered. Nothing is made by it, so a page without script says the same. Names never enter it: it reads the page.
 */
import { createHash } from 'node:crypto';

export const SCRIPT: string = `'use strict';
for (const one of document.querySelectorAll('.script')) one.hidden = false;

const graph = document.querySelector('.graph');
if (graph) {
  const lines = [...graph.querySelectorAll('.line')];
  const boxes = new Map([...graph.querySelectorAll('[data-box]')].map((box) => [box.dataset.box, box]));
  const dark = () => {
    graph.classList.remove('lit');
    for (const one of graph.querySelectorAll('.on')) one.classList.remove('on');
  };
  const light = (box) => {
    dark();
    const own = box.dataset.box;
    const touched = lines.filter(({ dataset }) => dataset.a === own || dataset.b === own);
    // A card of twins brings its other store along, and the line to it.
    const twins = new Set(touched.map(({ dataset }) => dataset.a).filter((key) => key.startsWith('t')));
    const on = new Set([...touched, ...lines.filter(({ dataset }) => twins.has(dataset.a))]);
    boxes.get(own).classList.add('on');
    for (const line of on) {
      line.classList.add('on');
      for (const key of [line.dataset.a, line.dataset.b]) boxes.get(key)?.classList.add('on');
    }
    graph.classList.toggle('lit', on.size > 0);
  };
  const at = (event) => event.target instanceof Element ? event.target.closest('[data-box]') : null;
  let focused = null;
  const settle = (box) => (box ? light(box) : dark());
  graph.addEventListener('pointerover', (event) => settle(at(event) ?? focused));
  graph.addEventListener('pointerleave', () => settle(focused));
  graph.addEventListener('focusin', (event) => settle((focused = at(event))));
  graph.addEventListener('focusout', () => settle((focused = null)));
}

const form = document.getElementById('filter');
if (form) {
  const findings = [...document.querySelectorAll('.finding')].map((element) => ({
    element,
    text: element.textContent.toLowerCase(),
  }));
  const sections = [...document.querySelectorAll('.severity')];
  const apply = () => {
    const severities = new Set([...form.querySelectorAll('[name=severity]:checked')].map(({ value }) => value));
    const code = form.elements.code.value;
    const words = form.elements.text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, text } of findings) {
      const { severity, code: own } = element.dataset;
      const fits = severities.has(severity) && (code === '' || code === own) && words.every((word) => text.includes(word));
      element.hidden = !fits;
      if (fits) shown++;
    }
    for (const section of sections) section.hidden = !section.querySelector('.finding:not([hidden])');
    const all = findings.length;
    document.getElementById('shown').value = shown === all ? all + (all === 1 ? ' finding' : ' findings') : shown + ' of ' + all;
    document.getElementById('none-fit').hidden = shown > 0;
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  // A link to a finding that the filter hides shows it.
  const reveal = () => {
    const aim = document.getElementById(location.hash.slice(1));
    const hidden = aim?.closest('[hidden]') ?? aim?.querySelector('[hidden]');
    if (!hidden || !aim.closest('#findings')) return;
    form.reset();
    apply();
    aim.scrollIntoView();
  };
  window.addEventListener('hashchange', reveal);
  apply();
}
`;

/** For the page's content security policy: this script runs, no other one. */
export const SCRIPT_HASH: string = `sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`;
