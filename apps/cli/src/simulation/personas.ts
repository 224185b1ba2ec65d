/** The people of the simulation. Days are means; chances are from 0 to 1. */
import type { CustomerKind } from '@rapport/journey';

export interface Persona {
  name: string;
  /** How many of a hundred customers are like this. */
  share: number;
  kind: CustomerKind;
  channels: readonly (readonly ['web' | 'app' | 'store', number])[];
  /** Days between visits; 0 = never. */
  visitEvery: number;
  /** Days between purchases; 0 = never buys. */
  buyEvery: number;
  purchasesMax: number;
  /** Part of the window after which nothing more comes from them: [least, most]; absent = they stay. */
  leavesAfter?: readonly [number, number];
  returnChance: number;
  reviewChance: number;
  /** Ratings with their weights. */
  ratings: readonly (readonly [number, number])[];
  surveyChance: number;
  /** Days between deeds for the brand (referrals, community answers, praise); 0 = none. */
  deedEvery: number;
  /** Of a purchase, to be followed by a complaint; and of that, to be resolved. */
  complaintChance: number;
  resolvedChance: number;
}

const QUIET = {
  kind: 'person',
  channels: [
    ['web', 6],
    ['app', 2],
    ['store', 2],
  ],
  visitEvery: 0,
  buyEvery: 0,
  purchasesMax: Infinity,
  returnChance: 0.06,
  reviewChance: 0.1,
  ratings: [
    [5, 3],
    [4, 4],
    [3, 2],
    [2, 1],
    [1, 1],
  ],
  surveyChance: 0.15,
  deedEvery: 0,
  complaintChance: 0.02,
  resolvedChance: 0.95,
} as const satisfies Partial<Persona>;

const HAPPY = [
  [5, 7],
  [4, 3],
] as const;

export const PERSONAS: readonly Persona[] = [
  { ...QUIET, name: 'browser', share: 18, visitEvery: 40 },
  { ...QUIET, name: 'one-off buyer', share: 20, visitEvery: 60, buyEvery: 30, purchasesMax: 1, returnChance: 0.15 },
  { ...QUIET, name: 'regular', share: 20, visitEvery: 25, buyEvery: 55, reviewChance: 0.12 },
  {
    ...QUIET,
    name: 'loyal fan',
    share: 11,
    visitEvery: 12,
    buyEvery: 28,
    reviewChance: 0.3,
    ratings: HAPPY,
    surveyChance: 0.5,
    deedEvery: 150,
  },
  {
    ...QUIET,
    name: 'silent churner',
    share: 13,
    visitEvery: 18,
    buyEvery: 32,
    leavesAfter: [0.3, 0.65],
    reviewChance: 0.05,
  },
  { ...QUIET, name: 'advocate who never bought', share: 6, visitEvery: 15, deedEvery: 45, surveyChance: 0.6 },
  {
    ...QUIET,
    name: 'complainer',
    share: 8,
    visitEvery: 30,
    buyEvery: 45,
    complaintChance: 0.45,
    resolvedChance: 0.75,
    returnChance: 0.2,
    ratings: [
      [1, 3],
      [2, 3],
      [3, 2],
    ],
  },
  { ...QUIET, name: 'employee', share: 2, kind: 'employee', visitEvery: 20, deedEvery: 120 },
  { ...QUIET, name: 'partner', share: 2, kind: 'partner', visitEvery: 30, buyEvery: 120, deedEvery: 100 },
];
