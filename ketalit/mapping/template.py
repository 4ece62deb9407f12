# ruff: noqa: E501 - lines of HTML
"""The page of a map: its style and its template."""

CSS = """
:root {
  color-scheme: light dark;
  --ink: #1b1e23; --paper: #ffffff; --soft: #f3f5f7; --line: #d4d9df; --faint: #59606a; --link: #0a58ad; --focus: #c2410c;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ink: #e8eaed; --paper: #16191d; --soft: #1d232a; --line: #39424c; --faint: #a9b1bb; --link: #7cb7ff; --focus: #ffb066;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1140px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { padding: 0 20px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.25rem 0 .25rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 .35rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 1.6rem 0 .2rem; }
h4 { font-size: 1rem; margin: .9rem 0 .2rem; }
p { margin: .25rem 0 .5rem; max-width: 75ch; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
:target { background: var(--soft); }
.message { font-weight: 600; font-size: 1.1rem; }
.faint, footer, .missing { color: var(--faint); }
.missing { font-style: italic; }
.skip { position: absolute; left: -100vw; background: var(--paper); padding: .5rem; z-index: 9; }
.skip:focus { left: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .35rem .5rem; list-style: none; margin: .75rem 0 0; padding: 0; }
nav a {
  display: inline-block; padding: .2rem .6rem; border: 1px solid var(--line); border-radius: 1rem;
  background: var(--soft); text-decoration: none; font-size: .9rem;
}
figure { margin: .75rem -14px; }
figure svg { display: block; width: 100%; height: auto; }
.narrow { max-width: 480px; }
.middle, .narrow, .paper { display: none; }
@media screen and (max-width: 1139px) { .wide { display: none; } .middle { display: block; } }
@media screen and (max-width: 639px) { .middle { display: none; } .narrow { display: block; } }
summary { cursor: pointer; padding: .3rem 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 4px; }
table { border-collapse: collapse; font-size: .85rem; width: 100%; }
caption { text-align: left; color: var(--faint); padding: .4rem .6rem; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; min-width: 6.5rem; }
.counts td { min-width: 9.5rem; }
thead th { background: var(--soft); }
tbody th { font-weight: 600; }
article { border-left: 4px solid var(--line); padding: .1rem 0 .1rem .9rem; margin: .6rem 0 1rem; max-width: 80ch; overflow-wrap: anywhere; }
article p { margin: .1rem 0; }
article.beside { border-left-style: dotted; }
.name { font-weight: 650; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .05rem .8rem; margin: .2rem 0; font-size: .92rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
code { font-size: .85em; overflow-wrap: anywhere; }
footer { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-bottom: 1.5rem; font-size: .9rem; }
@media (max-width: 40rem) { header, main, footer { padding: 0 14px; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .25rem; } }
@media print {
  :root { --ink: #000; --paper: #fff; --soft: #fff; --faint: #333; }
  body { font-size: 10pt; max-width: none; }
  header, main, footer { padding: 0; }
  nav, .skip, .wide, .narrow, .mouse, .long, .counts { display: none; }
  .middle, .paper { display: block; }
  figure { margin: .5rem 0; break-inside: avoid; }
  figure svg { max-height: 212mm; }
  article { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
}
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="referrer" content="no-referrer">
<title>{{ title }}: evidence map</title>
<style>{{ css }}</style>
</head>
<body>
<a class="skip" href="#studies">Skip to the studies</a>
<header>
<h1>{{ title }}: evidence map</h1>
{% if question %}<p>{{ question }}</p>{% endif %}
{% if maps[0].gaps %}<p class="message">{{ maps[0].gaps }}</p>{% endif %}
<p class="long">{{ totals }} {{ background }}</p>
<p class="faint long">{{ caveat }} Counted: {{ selection }}. {{ no_advice }}</p>
<nav aria-label="Parts of this page"><ul>
{% for map in maps %}<li><a href="#by-{{ map.by }}">{{ map.heading }}</a></li>
{% endfor %}
{% for group in groups %}<li><a href="#{{ group.anchor }}">{{ group.name }}</a></li>
{% endfor %}
<li><a href="#rules">Rules</a></li>
</ul></nav>
</header>
<main>
{% for map in maps %}
<section aria-labelledby="by-{{ map.by }}">
<h2 id="by-{{ map.by }}">{{ map.heading }}</h2>
<p class="faint mouse">Hold the mouse over a dot to see its study; all of them are listed below.</p>
{% if not loop.first %}<p class="paper">{{ caveat }} Counted: {{ selection }}.</p>{% endif %}
<figure>{% for one in map.pictures %}<div class="{{ one.class }}">{{ one.svg }}</div>{% endfor %}</figure>
<details class="counts">
<summary>The same in numbers, {% if map.by == "route" %}with links to the studies of each cell{% else %}as a table{% endif %}</summary>
<div class="scroll" role="region" aria-label="Counts by {{ map.by }}" tabindex="0">
<table>
<caption>Studies {{ map.heading | lower }}</caption>
<thead><tr><th scope="col">Condition</th>{% for column in map.columns %}<th scope="col">{{ column }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in map.rows %}<tr><th scope="row">{{ row.name }}{% if row.background %} <span class="faint">(background)</span>{% endif %}</th>
{% for cell in row.cells %}<td>{% for line in cell.lines %}{% if loop.first %}<a href="#{{ cell.anchor }}">{{ line }}</a>{% else %}<br>{{ line }}{% endif %}{% else %}0{% endfor %}</td>
{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
</details>
</section>
{% endfor %}
<section aria-labelledby="studies">
<h2 id="studies">The studies behind each cell</h2>
{% for group in groups %}
<h3 id="{{ group.anchor }}">{{ group.name }}</h3>
{% for cell in group.cells %}
<section id="{{ cell.anchor }}">
<h4>{{ group.name }} · {{ cell.name }}</h4>
{% for study in cell.studies %}
<article{% if not study.counted %} class="beside"{% endif %}>
<p><span class="name">{% if study.link %}<a href="{{ study.link }}" rel="noreferrer">{{ study.citation }}</a>{% else %}{{ study.citation }}{% endif %}</span>
{{ study.title }}{% if study.not_counted %} <strong>{{ study.not_counted }}</strong>{% endif %}</p>
<dl>
<dt>Design</dt><dd>{{ study.design }}, people: {{ study.people }}</dd>
<dt>Condition</dt><dd>{{ study.condition }}</dd>
<dt>Given</dt><dd>{{ study.given }}</dd>
<dt>Follow-up</dt><dd>{{ study.followup }}{% if study.window %} ({{ study.window }}){% endif %}</dd>
<dt>Primary outcome</dt><dd>{{ study.direction }}</dd>
<dt>Harms</dt><dd{% if study.harms_missing %} class="missing"{% endif %}>{{ study.harms }}</dd>
</dl>
<details><summary class="faint">Why it stands here</summary>
<dl>{% for name, why, rule in study.because %}<dt>{{ name }}</dt><dd>{{ why }} <code>{{ rule }}</code></dd>{% endfor %}</dl>
</details>
</article>
{% endfor %}
</section>
{% endfor %}
{% else %}
<p>No study meets what was asked for.</p>
{% endfor %}
</section>
<section aria-labelledby="rules">
<h2 id="rules">How studies are placed</h2>
<p>All rules that fit the words of a study are found; one that is more special makes others give way; where several groups are
left, the study counts as mixed. Where the condition decides nothing, the title is read. What no rule fits is shown as not placed.</p>
<details><summary>Rules for conditions and routes</summary>
<div class="scroll" role="region" aria-label="Rules" tabindex="0"><table>
<thead><tr><th scope="col">Rule</th><th scope="col">Puts into</th><th scope="col">For example</th><th scope="col">Because</th><th scope="col">Words</th></tr></thead>
<tbody>{% for rule in rules %}<tr><th scope="row"><code>{{ rule.name }}</code></th><td>{{ rule.group }}</td><td>{{ rule.example }}</td><td>{{ rule.reason }}</td><td><code>{{ rule.pattern }}</code></td></tr>
{% endfor %}</tbody></table></div></details>
<details><summary>Once or repeatedly, and windows of follow-up</summary>
<ul>{% for line in regimens %}<li>{{ line }}</li>{% endfor %}</ul>
<dl>{% for name, meaning in windows %}<dt>{{ name }}</dt><dd>{{ meaning }}</dd>{% endfor %}</dl></details>
{% if left_out %}<details><summary>Not on the map: {{ left_out | length }}, with why</summary>
<ul>{% for row in left_out %}<li>{% if row.link %}<a href="{{ row.link }}" rel="noreferrer">{{ row.citation }}</a>{% else %}{{ row.citation }}{% endif %}: {{ row.reason }}</li>
{% endfor %}</ul></details>{% endif %}
</section>
</main>
<footer><p>{{ no_advice }} Made with ketalit {{ version }}.</p></footer>
</body>
</html>
"""
