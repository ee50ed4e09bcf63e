/** A whole screen that says one thing. */
export function Notice({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <main className="notice">
      <h1>{title}</h1>
      <p>{text}</p>
    </main>
  )
}
