/**
 * What tests ask of a page from within: run in the browser, where there is a document. One expression, so that a test can send it
 * as text; `inPage` in html-report.test.ts calls one of its functions.
 */
({
  /** Pixels by which something is wider than the screen. */
  overhang: () => document.documentElement.scrollWidth - innerWidth,

  broken: () => Reflect.get(window, 'broken') ?? null,

  background: () => getComputedStyle(document.body).backgroundColor,

  showFirstFinding: () => {
    location.hash = document.querySelector('.finding').id;
  },

  overlappingBoxes: () => {
    const boxes = [...document.querySelectorAll('.graph .box')].map((box) => box.getBoundingClientRect());
    const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return boxes.filter((a, i) => boxes.some((b, k) => i < k && over(a, b))).length;
  },

  /** Texts of the picture that are cut off without saying so. */
  cutTexts: () =>
    [...document.querySelectorAll('.graph .box')].filter(
      (box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1,
    ).length,

  /** Lines one end of which is not at the edge of its box. */
  looseLines: () =>
    [...document.querySelectorAll('.gutter .line')].filter((line) => {
      const path = line.querySelector('path');
      const end = (at) => path.getPointAtLength(at).matrixTransform(path.getScreenCTM());
      const ends = [end(0), end(path.getTotalLength())];
      const meets = (key) => {
        const box = document.querySelector(`[data-box="${key}"]`).getBoundingClientRect();
        return ends.some(
          ({ x, y }) => Math.min(Math.abs(box.right - x), Math.abs(box.left - x)) < 3 && y > box.top && y < box.bottom,
        );
      };
      return !meets(line.dataset.a) || !meets(line.dataset.b);
    }).length,

  /** What has the focus: in which part of the page, visibly or not, and how many lines it marks. */
  focused: () => {
    const one = document.activeElement;
    if (one === null || one === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const parts = { skip: '.skip', box: '.graph .box', filter: '#filter', finding: '.finding', code: '.opens' };
    const part = Object.keys(parts).find((key) => one.closest(parts[key]) !== null) ?? 'other';
    const marked = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
    return { part, marked, lines: document.querySelectorAll('.gutter .line.on').length };
  },

  /** The contrast (WCAG 2) of every different look of a text with the first background behind it. */
  contrasts: () => {
    const parse = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour) => {
      const [r, g, b] = colour.map((one) => {
        const part = one / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let one = element; one !== null; one = one.parentElement) {
        const colour = parse(getComputedStyle(one).backgroundColor);
        if (colour[3] !== 0) return colour;
      }
      return [255, 255, 255];
    };
    const seen = new Map();
    for (const element of document.querySelectorAll('body *')) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
      if (!own || !element.checkVisibility() || element.closest('svg, script, style') !== null) continue;
      const front = luminance(parse(getComputedStyle(element).color));
      const back = luminance(behind(element));
      const ratio = Math.round(((Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)) * 100) / 100;
      const of = element.className.toString() || element.tagName;
      seen.set(`${of} ${ratio}`, { of, text: element.textContent.slice(0, 40), ratio });
    }
    return [...seen.values()];
  },
});
