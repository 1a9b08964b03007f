/** The client's own view, low to high. */
export const scale = {
  1: 'Harjoittelen',
  2: 'Osaan autettuna',
  3: 'Osaan melkein itse',
  4: 'Osaan itse',
}
