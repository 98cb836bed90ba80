/** The English words that the entry itself needs: before any chunk is there, and when none can be fetched. */
export const first = {
  /** BCP 47: chooses plural rules and lists. */
  locale: 'en',
  voiceRoom: 'Voice room',
  join: 'Join',
  hint: 'A voice call. You can mute or leave at any time.',
  retry: 'Try again',
  cancel: 'Cancel',
  hide: 'Minimise',
  move: 'Move',
  settings: 'Settings',
  'step.loading': 'Getting ready…',
  'step.asking': 'Asking to come in…',
  'step.connecting': 'Connecting…',
  'error.assets-blocked': 'A part of the voice room could not be loaded. Check your connection.',
} as const;
