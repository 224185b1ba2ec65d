/** What a survey asks, read from its rendered text: the first paragraph is the question, lines that begin with `- ` are choices. */

export type SurveyKind = 'nps' | 'csat' | 'choice' | 'text';

export interface SurveyQuestion {
  question: string;
  choices: string[];
}

export const QUESTION_CHARACTERS_MAX = 400;
export const CHOICES_MAX = 10;
export const CHOICE_CHARACTERS_MAX = 60;

export function surveyQuestion(text: string): SurveyQuestion {
  const lines = text.split('\n').map((line) => line.trim());
  const choices = lines
    .filter((line) => line.startsWith('- '))
    .map((line) => line.slice(2).trim().slice(0, CHOICE_CHARACTERS_MAX));
  const question = text.trim().split(/\n\s*\n/)[0] ?? '';
  const asked = question
    .split('\n')
    .filter((line) => !line.trim().startsWith('- '))
    .join(' ')
    .trim();
  return { question: asked.slice(0, QUESTION_CHARACTERS_MAX), choices: choices.slice(0, CHOICES_MAX) };
}

/** `what` of the step says it: `nps`, `after-purchase-nps`, `csat`; else choices if there are some, else free text. */
export function surveyKind(what: string, choices: readonly string[]): SurveyKind {
  if (/(^|-)nps$/.test(what)) return 'nps';
  if (/(^|-)csat$/.test(what)) return 'csat';
  return choices.length > 0 ? 'choice' : 'text';
}
