import { createRoot } from "react-dom/client"
import { App } from "./app.tsx"
import { signIn } from "./ask.ts"
import "./style/tokens.css"
import "./style/base.css"
import "./style/controls.css"
import "./style/shell.css"
import "./style/print.css"
import "../warnings/view/warnings.css"
import "../today/view/today.css"
import "../hotline/view/hotline.css"
import "../help/view/help.css"
import "./style/thumb.css"

const place = document.getElementById("desk")
if (place) {
  const isSignedIn = await signIn()
  createRoot(place).render(<App isSignedIn={isSignedIn} />)
}
