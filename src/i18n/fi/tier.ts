/** How demanding the work is. */
export const tier = {
  word: 'Taso',
  label: ({ tier }: { tier: string }): string => `Taso ${tier}`,
  basic: 'Perus',
  advanced: 'Edistynyt',
  master: 'Mestari',
}
