/** Light and dark by the reader's own setting; prints in black on white. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ink:#1c1b18;--soft:#5d5a52;--paper:#fdfcf9;--line:#d9d5ca;--panel:#f3f1ea;--accent:#1f5f8b;--against:#a4541c;--warn:#8a2b12;--warnpaper:#fbeee8}
@media (prefers-color-scheme:dark){:root{--ink:#ece9e1;--soft:#a8a398;--paper:#191816;--line:#3b3933;--panel:#24221f;--accent:#7db7e0;--against:#e0a070;--warn:#f0a48c;--warnpaper:#33201a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 1rem}
h2{font-size:1.2rem;margin:2.2rem 0 .5rem}
p{max-width:44rem}
small,figcaption{color:var(--soft)}
.warnings{border-left:4px solid var(--warn);background:var(--warnpaper);padding:.6rem 1rem}
.warnings h2{margin:.2rem 0;color:var(--warn)}
.calm{color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(2,1fr);gap:.75rem;margin:1rem 0}
@media (min-width:48rem){.tiles{grid-template-columns:repeat(4,1fr)}}
.tile{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;display:flex;flex-direction:column}
.tile strong{font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft)}
figure{margin:1rem 0}
/* On a phone the end with the pairs of one person is in view first. */
.chart{overflow-x:auto;direction:rtl}
.chart svg{direction:ltr}
svg{width:100%;min-width:40rem;height:auto;display:block;font:11px system-ui,sans-serif}
svg text{fill:var(--soft)}
svg .grid{stroke:var(--line);stroke-width:1}
svg .bars{fill:var(--accent)}
svg line.mark{stroke:var(--against);stroke-width:2}
svg text.mark{fill:var(--against);font-weight:600}
.wide{overflow-x:auto}
table{border-collapse:collapse;margin:.5rem 0;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.22rem .9rem .22rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:500}
tbody th{min-width:7.5rem}
thead th{color:var(--soft);font-weight:600}
td.bar{width:8rem}
td.bar i{display:block;height:.7rem;margin-top:.35rem;border-radius:2px}
i.for{background:var(--accent)}
i.against{background:var(--against)}
details{margin:.5rem 0}
summary{cursor:pointer}
.pair{border-top:1px solid var(--line);margin-top:.8rem}
code{background:var(--panel);padding:0 .25rem;border-radius:3px}
@media print{:root{--ink:#000;--paper:#fff;--panel:#fff}details{display:block}}
`
