import { SCOPE } from '../channel.contract';
import { checkTemplates } from './check-template';
import { renderTemplate } from './render-template';

const text = (source: string): unknown => renderTemplate({ text: source }, SCOPE);
const failed = { ok: false, reason: 'templateFailed' };

describe('templates', () => {
  it('show customer, play and links; escape in HTML, not in text', () => {
    const template = {
      subject: 'Hi\n{{ customer.personal.name }}',
      text: '{{ play.why }}',
      html: '{{ customer.personal.name }}',
    };
    expect(renderTemplate(template, SCOPE)).toEqual({
      ...{ ok: true, subject: 'Hi Zoë <b>', text: 'because', html: 'Zoë &lt;b&gt;' },
    });
  });

  it.each([
    ...['{{ customer.personal.nick }}', '{{ nobody }}', '{{ customer.id | shout }}', '{{ customer.constructor.name }}'],
    ...[
      '{% include "/etc/passwd" %}',
      '{% render "x" %}',
      '{% layout "x" %}',
      '{% if %}',
      '{{ customer.id',
      '{{ customer.toString }}',
    ],
    ...['{{ customer.__proto__ }}', '{% for i in (1..100000000) %}{{ i }}{% endfor %}'],
  ])('%s fails', (source) => expect(text(source)).toMatchObject(failed));

  it('a failure tells no value of the customer', () => {
    expect(JSON.stringify(text('{{ customer.personal.email }} {{ customer.personal.nick }}'))).not.toContain('zoe@');
  });

  it('what is wrong is found before anybody is written to', () => {
    const templates = [
      { name: 'good', subject: '{{ play.name }}', text: '{{ customer.id }}{% assign own = now %}{{ own }}' },
      { name: 'bad', subject: '{% if %}', text: '{{ custmer.id }}', html: '{{ customer.id | shout }}' },
    ];
    const faults = checkTemplates(templates);
    expect(faults.map(({ path }) => path)).toEqual(['/templates/1/subject', '/templates/1/text', '/templates/1/html']);
    expect(faults[1]!.mend).toContain("'customer'");
  });

  it.each([
    ['{{ customer.nmae }}', "'customer.nmae'", 'traits'],
    ['{{ cause.touchpoint.typ }}', "'cause.touchpoint.typ'", "'type'"],
    ['{% if links.unsubscrbe %}x{% endif %}', "'links.unsubscrbe'", "'unsubscribe'"],
  ])('%s can never be there', (source, name, mend) => {
    const [fault, ...others] = checkTemplates([{ name: 'one', text: source }]);
    expect(others).toEqual([]);
    expect([fault!.problem, fault!.mend]).toEqual([expect.stringContaining(name), expect.stringContaining(mend)]);
  });

  it.each([
    ...['{{ customer.personal.name }}', '{{ customer["traits"].tags[0] }}', '{{ evidence[0].condition }}{{ now }}'],
    '{{ cause.touchpoint.properties.orderId }}{{ cause.by }}{% for one in evidence %}{{ one.value }}{% endfor %}',
  ])('%s may be there', (source) => expect(checkTemplates([{ name: 'one', text: source }])).toEqual([]));

  it('says which name is missing, and where', () => {
    expect(text('Dear\n{{ customer.personal.nick }}')).toMatchObject({
      detail: "it reads 'customer.personal.nick', which is not there for this message (line 2, column 4)",
    });
  });

  it('knows the moment as Liquid reads it', () => {
    expect(text('{{ now | date: "%Y-%m-%d" }}')).toMatchObject({ text: '2026-01-05' });
  });
});
