/** The definition that a new store starts with. The same text stands in docs/default-definition.yaml. */
export const DEFAULT_DEFINITION_TEXT = `# The default definition: four stages and four degrees of engagement. Copy it, change it, and name your file at start.
# docs/definition.md explains the language.

name: journey

# Days are days of this zone: "3 distinct days" counts calendar days here. Set it to where most of your customers live.
timeZone: UTC

# Lowest first. A customer stands on the highest rung whose rule holds; rungs can be skipped.
stages:
  # Anybody who was ever in touch, in either direction. No rule: one touchpoint is enough.
  - name: lead

  # Bought and kept it. One is the number: the first purchase is what tells a customer from a visitor. A return that
  # cancels the purchase takes it away again. No window: who bought once has been a customer, and engagement says
  # whether the relationship still lives.
  - name: customer
    enter: { count: purchase, atLeast: 1 }

  # Comes back by habit.
  # 3 distinct days: two may be a purchase and a forgotten part; the third return is a pattern. Days, not orders, so that
  #   a basket split into three orders counts once.
  # 365d: a year holds every season once, so that who buys each Christmas and each summer is not missed.
  # 180d: half a year without a purchase is no habit any more, whatever came before.
  # keep with 2 instead of 3: easier to stay than to enter. When the oldest of three purchases leaves the year, nobody
  #   falls back for a week until the next one.
  - name: loyal
    enter: { all: [ { distinctDays: purchase, atLeast: 3, within: 365d }, { since: purchase, atMost: 180d } ] }
    keep: { all: [ { distinctDays: purchase, atLeast: 2, within: 365d }, { since: purchase, atMost: 180d } ] }

  # Speaks for the brand: a deed, from whatever rung, also without a purchase; never an intention. Deeds are a referral
  # that was accepted, a review, a reference given, a story published, an answer in the community, public praise.
  # 1: a deed is a strong sign and rare; who did it once stands out.
  # rating 4 of 5 or more: a review of 3 is no recommendation. Deeds that carry no rating count as they are.
  # 365d: praise of long ago says little about today; a year matches the window of loyalty.
  - name: advocate
    enter: { count: { meaning: advocacy, where: { rating: { atLeast: 4, orMissing: true } } }, atLeast: 1, within: 365d }

# How the relationship is going, beside the stage: active, cooling, at risk, lapsed. It is measured by the customer's own
# rhythm, the median gap between days with an inbound touchpoint: a weekly visitor is missed after weeks, a yearly one
# after years. An open complaint makes it at least cooling.
engagement:
  # The last 8 gaps: enough that one holiday does not move the median, few enough that a new habit shows soon.
  gaps: 8
  # Below 3 gaps there is no rhythm to speak of; then the fixed limits count.
  gapsAtLeast: 3

  # factor: silent for twice the usual gap is the first sign that differs from chance.
  # floor 14d: who came daily for a while is not cooling after a long weekend or a short holiday.
  # fixed 30d: with no rhythm known, a month of silence is worth a look.
  cooling: { factor: 2, floor: 14d, fixed: 30d }

  # factor 3: three gaps without a word is rare for people who stay.
  # floor 30d: nobody is at risk within a month, however often they came before.
  # fixed 60d: two months, twice the first sign.
  atRisk: { factor: 3, floor: 30d, fixed: 60d }

  # factor 6: twice as long again; by then a return is the exception.
  # floor 90d: a quarter of a year, so that a season's pause is not called an end.
  # fixed 180d: half a year, as in the rule for loyal.
  lapsed: { factor: 6, floor: 90d, fixed: 180d }
`;
