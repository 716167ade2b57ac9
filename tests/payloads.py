"""Sixty labels that somebody may write to have a page do what they say: each must be read as text, and no more."""

#: What each of them would do, were it obeyed.
RUN = "document.documentElement.setAttribute('data-pwned','1')"

_HTML = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f'<img src=x onerror="{RUN}">',
    f"<img/src=x/onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>",
    f"<body onload={RUN}>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f'<object data="javascript:{RUN}"></object>',
    f"<math><mtext><style><img src=x onerror={RUN}></style></mtext></math>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"<template><img src=x onerror={RUN}></template>",
    "<base href=https://example.invalid/>",
    '<meta http-equiv=refresh content="0;url=https://example.invalid/">',
    "<link rel=stylesheet href=https://example.invalid/a.css>",
    "<form action=https://example.invalid/><button>envoyer</button></form>",
    "<!-- </main> --><plaintext>",
    "</td></tr></table></figure></main><h1>page</h1>",
)
_ATTRIBUTES = (
    f'" onmouseover="{RUN}" x="',
    f"' onfocus='{RUN}' tabindex='0",
    f'"><img src=x onerror="{RUN}">',
    f"'><svg/onload={RUN}>",
    f'" autofocus onfocus="{RUN}',
    '" style="position:fixed;inset:0;background:red',
    '"} , "data": [{"type": "scatter"}], "x": {"y": "',
    "` onerror=`alert(1)`",
)
_STYLES = (
    "</style><style>body{display:none}</style>",
    "}body{background:url(https://example.invalid/a.png)}",
    "expression(alert(1))",
    "@import 'https://example.invalid/a.css';",
    "*/ body { display: none } /*",
)
_ADDRESSES = (
    f"javascript:{RUN}",
    f'<a href="javascript:{RUN}">lien</a>',
    f"[lien](javascript:{RUN})",
    "![image](https://example.invalid/a.png)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
)
_TEMPLATES = (
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "{{ resources.page.settings }}",
    "{0.__class__}",
    "%(name)s %s %n",
    "${alert(1)}",
)
#: The drawing library has a little HTML of its own.
DRAWN = (
    "<b>gras</b><br>ligne",
    "<a href='https://example.invalid/' target='_blank'>lien</a>",
    "<span style='font-size:90px'>grand</span>",
    "$\\href{javascript:alert(1)}{x}$",
    "&lt;b&gt;déjà&lt;/b&gt; &amp;amp;",
)
_LETTERS = (
    "\u202eerialc ne\u202c \u2066x\u2069",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u2028alert(1)\u2029//",
)
_FORMULAS = (
    '=HYPERLINK("https://example.invalid/","ici")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
)
PAYLOADS = (*_HTML, *_ATTRIBUTES, *_STYLES, *_ADDRESSES, *_TEMPLATES, *DRAWN, *_LETTERS, *_FORMULAS)
