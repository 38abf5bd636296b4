/**
 * How the page looks: one text, because colours, sizes and their dark counterparts are decided together. Colour is a second channel
 * everywhere; the least contrast of a text is 4.5 (tested in a browser). Whole here although longer than other files.
 */
import { HEIGHTS } from './layout.ts';

/** A sixteenth of the reader's font size: the unit of the layout. */
const unit = (n: number): string => `${n / 16}rem`;

const LIGHT = `--bg:#f7f7f4;--panel:#fff;--ink:#1c2126;--soft:#535b64;--line:#d5d8d3;--accent:#0b5cad;
--critical:#a3122a;--on-critical:#fff;--high:#a8480f;--on-high:#fff;--medium:#f2d794;--on-medium:#453000;
--low:#e2e6ea;--on-low:#333b43;--good:#cde8d4;--on-good:#12492a;
--read:#2a6cb0;--write:#b0500f;--diverged:#b3202f;--copy:#5f6b75;--generation:#8a6a00;--faint:#a9b0b7;`;

const DARK = `--bg:#14171a;--panel:#1c2125;--ink:#e8eaec;--soft:#a9b2bb;--line:#363d44;--accent:#83bbf7;
--critical:#8a1c30;--on-critical:#ffe3e6;--high:#7d3c12;--on-high:#ffe4d1;--medium:#59480f;--on-medium:#fbe9b4;
--low:#363e46;--on-low:#dfe4e8;--good:#1f4a2f;--on-good:#c4eccf;
--read:#6fb0f0;--write:#f0a065;--diverged:#ff8f9b;--copy:#9aa6b0;--generation:#dcc274;--faint:#5b646d;`;

export const STYLE: string = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em;unicode-bidi:isolate}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
:target{outline:2px solid var(--accent);outline-offset:4px;border-radius:3px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:.5rem;background:var(--panel);padding:.5rem;z-index:3}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.page{max-width:86rem;margin:0 auto;padding:1.5rem clamp(.875rem,2.5vw,2rem) 4rem}
h1,h2,h3,h4{line-height:1.25;margin:0;text-wrap:balance}
h1{font-size:2rem;letter-spacing:-.015em}
h2{font-size:1.375rem;margin:3rem 0 .75rem}
h3{font-size:1rem}
ul,ol,dl,dd{margin:0;padding:0}
ul{list-style:none}
.quiet,.lead,.totals,caption{color:var(--soft)}
.lead{margin:0 0 .75rem;max-width:72rem}

.head .kind{margin:0;color:var(--soft);font-size:.875rem}
.totals{margin:.35rem 0 .5rem}
.tally{display:grid;grid-template-columns:repeat(auto-fit,minmax(6.5rem,1fr));gap:.5rem;max-width:46rem}
.tally li>*{display:block;padding:.5rem .75rem;border-radius:.5rem;text-decoration:none;font-size:.875rem;line-height:1.3}
.tally strong{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
.tally .none>*{background:none;color:var(--soft);box-shadow:inset 0 0 0 1px var(--line)}
.tally a:hover{text-decoration:underline}
${['critical', 'high', 'medium', 'low', 'good']
  .map((one) => `.tally .${one}>a,.badge.${one}{background:var(--${one});color:var(--on-${one})}`)
  .join('\n')}
.badge{display:inline-block;padding:.05rem .5rem;border-radius:.3rem;font-size:.75rem;font-weight:600;line-height:1.45;white-space:nowrap}
a.badge{text-decoration:none}
a.badge:hover{text-decoration:underline}
.chip{display:inline-block;padding:0 .4rem;border:1px solid currentcolor;border-radius:.3rem;font-size:.75rem;line-height:1.35;color:var(--soft);white-space:nowrap}
.overview{display:grid;gap:0 3rem}
@media (min-width:64rem){.overview:has(.closed){grid-template-columns:minmax(0,2fr) minmax(0,1fr)}}
.first h2,.closed h2{margin-top:2rem}
.sections{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:1rem;font-size:.9375rem}
.verdict{margin:0 0 1.25rem;font-size:1.0625rem}
.first ol{list-style:none;display:grid;gap:.5rem}
.first li{display:grid;grid-template-columns:5rem 1fr;column-gap:.75rem;align-items:baseline}
.first li .badge{text-align:center}
.first li>.quiet{grid-column:2;font-size:.875rem}
.first a{color:inherit;text-decoration-color:var(--faint)}
.first a:hover{text-decoration-color:currentcolor}
.next{margin:1rem 0 0}
.next code,dd>code:only-child{background:var(--panel);border:1px solid var(--line);border-radius:.3rem;padding:.15rem .45rem}
.closed ul{display:grid;gap:.25rem}
.closed li{padding-left:.75rem;border-left:3px solid var(--medium)}
.nothing{font-size:1.125rem}

.legend{display:none;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.8125rem;color:var(--soft);margin:0 0 1rem}
.legend li{display:flex;align-items:center;gap:.4rem}
.legend svg{width:2.5rem;height:1rem;flex:none}
.line path{fill:none;stroke:currentcolor;stroke-width:1.6}
.line .head{fill:currentcolor;stroke:none}
.line.reads{color:var(--read)}.line.writes{color:var(--write)}.line.writes path{stroke-width:2.4}
.line.diverged{color:var(--diverged)}.line.diverged path{stroke-width:2}
.line.copy,.line.subset,.line.superset{color:var(--copy)}
.line.older-generation,.line.newer-generation{color:var(--generation)}
.line.disjoint{color:var(--faint)}
.line.likely path{stroke-dasharray:7 4}
.line.unknown path{stroke-dasharray:1.5 4.5}
.line .head.head{stroke-dasharray:none}

.column>h3{color:var(--soft);font-weight:600;margin:1.25rem 0 .5rem}
.boxes{display:grid;gap:.625rem}
.box{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem;font-size:.875rem;line-height:1.4;min-width:0}
.box .name{color:var(--ink);font-weight:600;text-decoration:none;unicode-bidi:isolate}
.box .name:hover{text-decoration:underline}
.box.other{border-style:dashed;background:none}
.box.primary{border:2px solid var(--ink)}
.box.twin{border-left-width:4px;border-left-color:var(--copy)}
.box.twin.diverged{border-left-color:var(--diverged)}
.box.twin.older-generation,.box.twin.newer-generation{border-left-color:var(--generation)}
.box.twin.disjoint{border-left-color:var(--faint)}
.top{display:flex;align-items:baseline;gap:.5rem;flex-wrap:wrap}
.top .badge{margin-left:auto}
.badge .more{font-weight:400}
.twin .title{color:inherit;text-decoration:none;display:block}
.twin .title:hover .name{text-decoration:underline}
.side{display:flex;flex-wrap:wrap;gap:0 .75rem}
.only,.counts{font-size:.8125rem;font-variant-numeric:tabular-nums}
.only{margin-left:auto}
.where,.facts,.tables{color:var(--soft);font-size:.8125rem}
.row{padding:.1rem 0;font-size:.8125rem}
.what{display:flex;flex-wrap:wrap;gap:.15rem .5rem;align-items:baseline}
.lines{font-variant-numeric:tabular-nums;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.75rem;color:var(--soft)}
.sure{color:var(--soft);font-size:.75rem}
.target{font-weight:600;unicode-bidi:isolate}
.target .to,.verb{font-weight:400;color:var(--soft)}
.context{display:block;font-size:.75rem;color:var(--soft)}
.alone{margin-top:1.5rem}
.alone h3{color:var(--soft);margin-bottom:.5rem}
.alone .boxes{grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}
.not-drawn{color:var(--soft)}

@media (min-width:64rem){
.legend{display:flex}
.graph{display:grid;grid-template-columns:minmax(0,20rem);justify-content:center;align-items:start}
.graph.with-code{grid-template-columns:minmax(0,1.1fr) 6.5rem minmax(0,1fr)}
.graph.with-twins{grid-template-columns:minmax(0,1fr) 5.25rem minmax(0,1.1fr)}
.graph.with-code.with-twins{grid-template-columns:minmax(0,1.16fr) 6.5rem minmax(0,.88fr) 5.25rem minmax(0,1.06fr)}
.graph .column>h3{height:2rem;margin:0}
.graph .boxes{position:relative;display:block;height:calc(var(--height)*1rem/16)}
.graph .box{position:absolute;left:0;right:0;top:calc(var(--top)*1rem/16);padding:0 .75rem;overflow:hidden}
.graph .box :is(.name,.where,.facts,.tables,.side,.what,.context){white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.graph .store{height:${unit(HEIGHTS.store)};padding-top:.5rem}
.graph .store.primary{padding-top:.4375rem}
.graph .top{flex-wrap:nowrap}
.graph .top .badge,.graph .chip{flex:none}
.graph .top .name{min-width:0}
.graph .twin{height:${unit(HEIGHTS.twin)};padding-top:.5rem}
.graph .side{flex-wrap:nowrap}
.graph :is(.name,.target){display:flex}
.graph :is(.cut,.tail,.verb,.to){white-space:pre}
.graph :is(.verb,.to){flex:none}
.graph .cut{flex:0 1 auto;min-width:0;overflow:hidden;text-overflow:ellipsis}
.graph .tail{flex:none}
.graph .side>:is(.only,.counts){flex:none}
.graph .side>:is(.only,.tables){margin-left:auto}
.graph .file>.name{display:inline-flex;max-width:100%;height:${unit(HEIGHTS.fileHead)};line-height:${unit(HEIGHTS.fileHead)};vertical-align:top}
.graph .file:has(.chip)>.name{max-width:calc(100% - 5rem)}
.graph .file>.chip{margin-top:.4rem}
.graph .row{padding:0}
.graph .what{height:${unit(HEIGHTS.row)};line-height:${unit(HEIGHTS.row)};flex-wrap:nowrap}
.graph .what>*{flex:none}
.graph .target{flex:0 1 auto;min-width:0;margin-left:auto;overflow:hidden;text-overflow:ellipsis}
.graph .context{height:${unit(HEIGHTS.context)};line-height:${unit(HEIGHTS.context)}}
.gutter{width:100%;height:calc(var(--height)*1rem/16);margin-top:2rem;overflow:visible}
.graph.lit .line:not(.on){opacity:.12}
.graph.lit .line.on path{stroke-width:3}
.graph.lit .box.on{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
}
@media (max-width:63.99rem){.gutter,.lead .script{display:none}}

.filter{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;padding:.625rem .875rem;margin:0 0 1.25rem;background:var(--panel);border:1px solid var(--line);border-radius:.5rem;font-size:.875rem;position:sticky;top:0;z-index:2}
.filter[hidden]{display:none}
.filter fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem .875rem;min-width:0}
.filter legend{float:left;margin-right:.875rem;color:var(--soft);padding:0}
.filter label{display:inline-flex;align-items:center;gap:.35rem;min-width:0;max-width:100%}
.filter input,.filter select{font:inherit;color:inherit;accent-color:var(--accent);max-width:100%}
.filter select,.filter input[type=search]{background:var(--bg);border:1px solid var(--soft);border-radius:.3rem;padding:.15rem .4rem;min-width:0}
.filter input[type=search]{width:11rem}
.filter output{color:var(--soft);margin-left:auto}
.severity>h3{margin:1.75rem 0 .5rem;font-size:1.125rem}
.severity>h3 .quiet{font-weight:400}
[hidden]{display:none!important}
.finding{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem .875rem;margin:0 0 .75rem}
.finding .marks{margin:0 0 .35rem;display:flex;flex-wrap:wrap;gap:.25rem .625rem;align-items:baseline;font-size:.875rem}
.finding .anchor{margin-left:auto;text-decoration:none;color:var(--soft);padding:0 .25rem}
.finding h4{font-size:1rem;font-weight:600;text-wrap:pretty;max-width:70rem}
.finding ul{margin-top:.5rem;font-size:.875rem;max-width:70rem}
.places{display:flex;flex-wrap:wrap;gap:.15rem 1rem}
.evidence li{padding-left:1rem;position:relative}
.evidence li::before{content:"·";position:absolute;left:.25rem;color:var(--soft)}
.finding dl{margin-top:.625rem;display:grid;gap:.35rem;font-size:.9375rem}
.finding dl>div{display:grid;grid-template-columns:4.5rem minmax(0,1fr);gap:.5rem}
dt{color:var(--soft)}
details>summary{cursor:pointer;color:var(--soft);font-size:.875rem}
details>summary:hover{color:var(--ink)}
.finding details{margin-top:.35rem}

table{width:100%;border-collapse:collapse;font-size:.875rem}
caption{text-align:left;padding-bottom:.5rem;font-size:.875rem}
th,td{text-align:left;vertical-align:baseline;padding:.35rem .75rem .35rem 0;font-weight:400}
thead th{color:var(--soft);border-bottom:1px solid var(--soft);vertical-align:bottom}
tbody tr{border-bottom:1px solid var(--line)}
tbody tr:hover{background:var(--panel)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.number+.text{padding-left:.75rem}
td details ul{margin:.25rem 0 .5rem;min-width:16rem}
@media (max-width:52rem){
table,tbody,tr,th,td,caption{display:block}
.number+.text{padding-left:0}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{padding:.5rem 0}
th,td{padding:.1rem 0}
tbody th code{font-weight:600}
td:empty{display:none}
td{display:inline;margin-right:.75rem}
td.number{text-align:left;white-space:normal}
td::before{content:attr(data-title) " ";color:var(--soft)}
td:has(details){display:block}
td details ul{min-width:0}
.first li{grid-template-columns:1fr;row-gap:.15rem;justify-items:start}
.first li>.quiet{grid-column:1}
.finding dl>div{grid-template-columns:minmax(0,1fr);gap:0}
.filter{position:static}
.filter output{margin-left:0}
h1{font-size:1.625rem}
}

.source{margin:0 0 1.25rem}
.source>h3{margin-bottom:.35rem}
.site{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .875rem .625rem;margin-bottom:.5rem;font-size:.875rem}
.spelling{margin:0 0 .25rem}
.place{color:var(--soft)}
.opens>summary,div.opens{color:inherit;font-size:inherit;padding:.1rem 0}
div.opens{padding-left:1rem}
.opens :is(.access,.sure){margin-left:.5rem}
.opens .sure{font-size:inherit}
.opens .quiet{margin-left:.5rem}
.assumed{display:block;padding-left:1rem;color:var(--soft)}
.opens dl{padding:.25rem 0 .5rem 1rem;display:grid;gap:.35rem}
.opens dl>div{display:grid;grid-template-columns:7.5rem minmax(0,1fr);column-gap:.75rem}
.opens dt{grid-row:1/span 30}
.opens dd{grid-column:2}
@media (max-width:52rem){.opens dl>div{display:block}.opens dd{padding-left:.75rem}}
#other details{margin:.25rem 0}
#other ul{padding:.25rem 0 .5rem 1rem;font-size:.875rem}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
footer p{margin:0 0 .35rem}

@media (prefers-reduced-motion:no-preference){.line{transition:opacity .12s}html{scroll-behavior:smooth}}
@media print{
:root{color-scheme:light;${LIGHT}--bg:#fff}
body{font-size:10pt}
.filter,.skip,.anchor,.script{display:none!important}
.page{padding:0;max-width:none}
.finding,.site,.box,tbody tr{break-inside:avoid}
h2,h3{break-after:avoid}
.badge,.tally li>*,.line,.box{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;height:auto}
}
`;
