/** Names that nobody has in particular. */
export const FIRST_NAMES = [
  ...['Ada', 'Ben', 'Chiara', 'Dele', 'Elif', 'Farid', 'Greta', 'Hanna', 'Ivo', 'Jun', 'Kofi', 'Lena', 'Mira', 'Nils'],
  ...[
    'Olga',
    'Pavel',
    'Quinn',
    'Rosa',
    'Sami',
    'Tove',
    'Uma',
    'Vera',
    'Wanda',
    'Xenia',
    'Yara',
    'Zoe',
    'Amir',
    'Brita',
  ],
] as const;
export const LAST_NAMES = [
  ...[
    'Adler',
    'Bauer',
    'Costa',
    'Duval',
    'Eriksen',
    'Fischer',
    'Garcia',
    'Hughes',
    'Ivanov',
    'Jansen',
    'Khan',
    'Lopez',
  ],
  ...['Murphy', 'Novak', 'Okafor', 'Petrov', 'Rossi', 'Sato', 'Thomsen', 'Urban', 'Vogel', 'Weber', 'Yilmaz', 'Zhang'],
] as const;
export const PLACES = [
  ['en-GB', 'Europe/London'],
  ['de-DE', 'Europe/Berlin'],
  ['fr-FR', 'Europe/Paris'],
  ['it-IT', 'Europe/Rome'],
  ['en-US', 'America/New_York'],
  ['ja-JP', 'Asia/Tokyo'],
] as const;
export const PRODUCTS = ['kettle', 'lamp', 'rucksack', 'headphones', 'chair', 'jacket', 'mixer', 'notebook'] as const;
