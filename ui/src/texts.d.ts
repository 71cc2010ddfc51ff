/** The parts of the catalogue; see scripts/texts.js. */
declare module 'virtual:texts/*' {
  const texts: Record<string, string | Record<string, string>>;
  export default texts;
}
