/** The English words that the entry itself needs: before any chunk is there, and when none can be fetched. */
export const first = {
  locale: 'en',
  untitled: 'Voice room',
  join: 'Join',
  retry: 'Try again',
  'retry.removed': 'Join again',
  'retry.duplicate-identity': 'Join here',
  cancel: 'Cancel',
  'step.loading': 'Getting ready…',
  'step.asking': 'Asking to come in…',
  'step.connecting': 'Connecting…',
  'error.not-configured': 'This voice room is not set up yet.',
  'error.invalid-configuration': 'This voice room is not set up correctly.',
  'error.insecure-context': 'Voice works on secure pages only. Open this page with https.',
  'error.unsupported': 'This browser cannot do voice calls. A current Chrome, Edge, Firefox or Safari can.',
  'error.assets-blocked': 'A part of the voice room could not be loaded. Check your connection.',
  'error.unknown': 'Something went wrong.',
} as const;
