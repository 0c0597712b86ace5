/** The console's neutral tokens and Postgres' indigo for links; the page loads nothing from elsewhere. */
export const docsStyle = `
:root{color-scheme:light dark;--bg:oklch(.985 .002 80);--panel:oklch(1 0 0);--sunken:oklch(.968 .003 80);--line:oklch(.915 .004 80);
--text:oklch(.24 .01 270);--muted:oklch(.46 .012 270);--link:oklch(.44 .17 275);--get:oklch(.5 .13 155);--put:oklch(.52 .11 70);--delete:oklch(.54 .2 25)}
@media (prefers-color-scheme:dark){:root{--bg:oklch(.175 .008 275);--panel:oklch(.212 .009 275);--sunken:oklch(.192 .008 275);--line:oklch(.285 .01 275);
--text:oklch(.93 .004 275);--muted:oklch(.72 .012 275);--link:oklch(.78 .11 282);--get:oklch(.78 .14 155);--put:oklch(.82 .12 85);--delete:oklch(.74 .15 25)}}
*{box-sizing:border-box}html{scroll-padding-top:16px}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.6 system-ui,-apple-system,'Segoe UI',sans-serif;display:grid;grid-template-columns:264px minmax(0,1fr)}
a{color:var(--link);text-underline-offset:3px}code,pre,.method{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:24px 16px;border-right:1px solid var(--line);background:var(--panel)}
nav .brand{font-weight:650;color:var(--text);text-decoration:none}nav h2{margin:24px 0 4px;font-size:12px;color:var(--muted);text-transform:capitalize}
nav ul{list-style:none;margin:0;padding:0}nav li a{display:flex;gap:8px;padding:4px 8px;border-radius:6px;color:var(--text);text-decoration:none;font-size:13px;line-height:1.45}
nav li a:hover{background:var(--sunken)}nav .method{flex:none;width:46px;font-size:10.5px;line-height:19px}
p{overflow-wrap:anywhere}
main{padding:40px clamp(16px,5vw,64px) 120px;max-width:960px;min-width:0}h1{font-size:28px;margin:0 0 8px;letter-spacing:-.01em}
main>h2{margin:56px 0 0;font-size:20px;text-transform:capitalize}section{margin-top:16px;padding:24px;background:var(--panel);border:1px solid var(--line);border-radius:12px}
h3{margin:0;font-size:17px}h4{margin:20px 0 6px;font-size:13px;color:var(--muted);font-weight:600}.line{margin:6px 0 0;overflow-wrap:anywhere}
.method{font-weight:700}.GET{color:var(--get)}.PUT,.POST{color:var(--put)}.DELETE{color:var(--delete)}
.scope{margin-left:8px;padding:1px 8px;border:1px solid var(--line);border-radius:99px;font-size:12px;color:var(--muted);white-space:nowrap}
pre{margin:8px 0 0;padding:12px 16px;background:var(--sunken);border:1px solid var(--line);border-radius:8px;overflow:auto;line-height:1.5}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13.5px}th{text-align:left;font-weight:500;color:var(--muted);font-size:12px}
th,td{padding:6px 16px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}td:last-child{overflow-wrap:anywhere;min-width:180px}td i{color:var(--muted);font-size:12px}
.errors{margin:0;padding:0;list-style:none}.errors code{color:var(--muted);margin-right:6px}.errors code:first-child{color:var(--text)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media (max-width:820px){body{grid-template-columns:minmax(0,1fr)}nav{position:static;height:auto;border-right:0;border-bottom:1px solid var(--line)}section{padding:16px}}
`
