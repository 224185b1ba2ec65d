/** Two versions of a definition with plays: what differs between them is what a new version may do to those under way. */
import { DEFAULT_DEFINITION_TEXT } from '@rapport/journey';

const FRAME = `
guards:
  consentUnknown: { relationship: allowed }
  quiet: { from: "22:00", until: "06:00", weekdays: [mon, tue, wed, thu, fri, sat] }
  caps: [ { atMost: 2, within: 7d } ]
  asks: { cooldown: 20d, atMost: 3, within: 180d, answerWithin: 14d, afterBadExperience: 10d, prior: { rate: 0.15, weight: 4 } }
teams:
  - name: support
    hours: { weekdays: [mon, tue, wed, thu, fri], from: "09:00", until: "17:00" }
    claimFor: 4h
  - name: head-of-support
    hours: { weekdays: [mon, tue, wed, thu, fri], from: "09:00", until: "17:00" }
`;

const WELCOME = `
  - name: welcome
    why: who comes is greeted
    owner: support
    purpose: relationship
    on: { stage: { entered: [lead, customer] } }
    again: every 30d
    holdout: 20%
    steps:
      - { give: thanks, by: log }
      - { waitFor: { touchpoint: { meaning: praise } }, atMost: 14d }
      - { ask: review, by: log, staleAfter: 20d }
    goal: { touchpoint: { meaning: purchase }, within: 60d }
    exit: { engagement: [lapsed] }
`;

const THANKS = `
  - name: thanks
    why: by hand
    owner: support
    purpose: service
    on: manual
    again: always
    steps:
      - split:
          - { name: a, share: 50%, then: [ { wait: 3d } ] }
          - { name: b, share: 50%, then: [ { give: thanks, by: log } ] }
      - branch:
          - { if: { count: purchase, atLeast: 2, within: 90d }, then: [ { set: { trait: fan, value: yes } } ] }
          - { else: [ { waitUntil: { time: "09:00", weekdays: [mon] } } ] }
      - { tell: news, by: log }
`;

const SORRY = `
  - name: sorry
    why: a complaint is heard by a human
    owner: support
    purpose: service
    on: { touchpoint: { meaning: complaint } }
    again: every 7d
    steps:
      - { task: call-back, by: task, team: support, sla: 2d, escalateTo: head-of-support }
      - { give: thanks, by: log }
`;

const NEWS = `
  - name: news
    why: everybody who bought hears of it, in their own moment
    owner: support
    purpose: relationship
    on: { audience: { at: "09:00", weekdays: [mon, thu], spread: 6h } }
    who: { count: purchase, atLeast: 1, within: 365d }
    again: every 20d
    steps:
      - { ask: review, by: log }
`;

const SORRY_AGAIN = SORRY.replace('give: thanks', 'give: apology').replace(
  'again: every 7d',
  'again: always\n    migrate: true',
);

export const DOCUMENTS_WITH_PLAYS = [
  `${DEFAULT_DEFINITION_TEXT}\n${FRAME}\nplays:${WELCOME}${THANKS}${SORRY}${NEWS}`,
  `${DEFAULT_DEFINITION_TEXT}\n${FRAME}\nplays:${THANKS}${SORRY_AGAIN}${NEWS}`,
];
