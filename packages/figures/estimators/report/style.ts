/** The report's style sheet: light and dark, phone and paper, no font or image from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1d2329;--soft:#5a6570;--line:#dcd9d1;--mark:#24567a;--second:#b4541f;--warn:#fdf0d8;--warn-ink:#6b4300;--band:#f3f1eb;--off:#d9d6ce}
@media(prefers-color-scheme:dark){:root{--paper:#14181c;--card:#1b2126;--ink:#e7e9ea;--soft:#a3adb5;--line:#343c43;--mark:#7db7e0;--second:#f0a06a;--warn:#3a2d10;--warn-ink:#f6d99a;--band:#20272d;--off:#3b444c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.25rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0 .3rem;text-wrap:balance}
h2{font-size:1.15rem;margin:2.4rem 0 .6rem}
h3{font-size:1rem;margin:1.2rem 0 .2rem}
h4{font-size:.9rem;margin:.8rem 0 .2rem}
p{margin:.4rem 0}
.soft,.note{color:var(--soft)}.note{font-size:.9rem}
.warnings{background:var(--warn);color:var(--warn-ink);border-radius:.6rem;padding:.8rem 1rem;margin:1rem 0}
.warnings h2{margin:.1rem 0 .4rem}
.warnings ul,.reasons{margin:.2rem 0;padding-left:1.2rem}
.warnings li{margin:.35rem 0}
code{font:.85em ui-monospace,"SF Mono",Consolas,monospace;overflow-wrap:anywhere}
.warnings code,.reasons code{opacity:.75}
.answers{display:grid;gap:.8rem;grid-template-columns:1fr;margin:1rem 0}
.answers>div{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem}
.answers dt,.answers .label{color:var(--soft);font-size:.9rem}
.answers .big{font-size:1.45rem;font-weight:650;line-height:1.25;margin:.15rem 0;font-variant-numeric:tabular-nums}
.key{list-style:none;margin:.4rem 0;padding:0;color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
.key b{color:var(--ink);display:inline-block;min-width:1.2rem}
.intervals{margin:.4rem 0}
.row{display:grid;grid-template-columns:1fr auto;gap:0 .8rem;padding:.35rem 0;border-top:1px solid var(--line);align-items:center}
.row .track{grid-column:1/-1;grid-row:2}
.track{position:relative;height:1rem}
.bar{position:absolute;top:.35rem;height:.3rem;border-radius:.15rem;background:var(--mark);opacity:.55}
.bar.open{border-radius:.15rem 0 0 .15rem}
.bar.open::after{content:"";position:absolute;right:-.45rem;top:-.2rem;border:.35rem solid transparent;border-left:.5rem solid var(--mark);border-right:0}
.dot{position:absolute;top:.14rem;width:.72rem;height:.72rem;margin-left:-.36rem;border-radius:50%;background:var(--mark);border:2px solid var(--paper)}
.numbers{font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
.numbers span{color:var(--soft);font-size:.9em}
.refused .what,.refused .numbers{color:var(--soft)}
.refused .track{display:none}
.ticks span{position:absolute;transform:translateX(-50%);font-size:.75rem;color:var(--soft)}
.ticks .left{transform:none}.ticks .right{transform:translateX(-100%)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.6rem;background:var(--card);padding:.6rem}
.scroll:focus-visible{outline:2px solid var(--mark)}
svg text{fill:var(--ink);font:12px system-ui,sans-serif}
.upset{display:block}.upset .count{font-size:11px;fill:var(--soft)}
.mark,.on{fill:var(--mark)}.off{fill:var(--off)}.band{fill:var(--band)}.link{stroke:var(--mark);stroke-width:3}
.posterior{width:100%;height:auto;display:block}
.posterior path{stroke-width:2;fill-opacity:.18}
.posterior .first{stroke:var(--mark);fill:var(--mark)}
.posterior .second{stroke:var(--second);fill:var(--second);stroke-dasharray:6 3}
.axis,.tick{stroke:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.9rem}
.legend i{display:inline-block;width:1.4rem;height:0;border-top:3px solid var(--mark);margin-right:.4rem;vertical-align:middle}
.legend .second i{border-top-color:var(--second);border-top-style:dashed}
.wide{display:none}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:500}
th:first-child,td:first-child{text-align:left;white-space:normal;min-width:11rem}
tr.close td{font-weight:600}
@media(min-width:44rem){
main{padding:2.2rem 2rem 5rem}
h1{font-size:2rem}
.answers{grid-template-columns:1fr 1fr 1.5fr}
.row{grid-template-columns:15rem 1fr 12rem}
.row .track{grid-column:2;grid-row:1}
.row .numbers{grid-column:3}
.narrow{display:none}.wide{display:block}
}
@media print{body{background:#fff}.scroll{overflow:visible}}
`
