/** Styles are bundled by build.ts; nothing is imported from them. */
declare module "*.css"
