/**
 * An audit as one HTML file that needs nothing else: no network, no other file, no script to be readable. A pure function; the
 * machine's own paths stay out of it, so it can be handed on.
 */
import type { Audit } from '../../audit/model.ts';
import { anchorsOf } from './anchors.ts';
import { bindingsSection } from './bindings.ts';
import { findingsSection } from './findings.ts';
import { head } from './head.ts';
import { clipped, html, trusted } from './markup.ts';
import { picture } from './picture.ts';
import { SCRIPT, SCRIPT_HASH } from './script.ts';
import { STYLE } from './style.ts';
import { otherSection, storesSection, twinsSection } from './tables.ts';
import { withoutMachine } from './without-machine.ts';

export interface HtmlOptions {
  /** Of desprawl, for the foot of the page. */
  readonly version: string;
}

/** How the files begin that a later report may replace. */
export const HTML_REPORT_MARK =
  '<!doctype html>\n<!-- Written by desprawl audit --html; the next report may replace it. -->\n';

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;

/** Not written inside of the markup: bundlers take an end tag in a template for the end of a page's script. */
const SCRIPT_ELEMENT: string = `<script>${SCRIPT}</${'script'}>`;

export function auditHtml(found: Audit, options: HtmlOptions): string {
  const audit = withoutMachine(found);
  const anchors = anchorsOf(audit);
  const { markup } = html`${trusted(HTML_REPORT_MARK)}<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${clipped(audit.project.name, 120)}: audit of the data layer</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the picture and the findings</a>
<div class="page">
${head(audit, anchors)}
<main id="content">
${picture(audit, anchors)}${findingsSection(audit, anchors)}${storesSection(audit, anchors)}${twinsSection(audit, anchors)}${bindingsSection(audit, anchors)}${otherSection(audit)}</main>
<footer>
<p>Written by desprawl ${options.version}. It holds names, counts and places, no row of any store.</p>
<p><code>desprawl explain CODE</code> says what a finding means; <code>desprawl audit --json</code> is the same for programs.</p>
</footer>
</div>
${trusted(SCRIPT_ELEMENT)}
</body>
</html>
`;
  return markup;
}
