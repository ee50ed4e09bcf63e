/** Styles and texts are bundled by build.ts. */
declare module "*.css"
declare module "*.md?raw" {
  const text: string
  export default text
}
