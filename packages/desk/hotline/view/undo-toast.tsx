import { Button } from "react-aria-components"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"
import type { Undoing } from "./use-undo.ts"

/** Says what was done and takes it back; it stays while the focus or the pointer is on it. */
export function UndoToast({ undo }: { readonly undo: Undoing }) {
  const { say } = useSpeech()
  const { said, error, hold } = undo
  return (
    <>
      <div className={error ? "toast-place" : "note-none"}>
        <ProblemNote error={error} />
      </div>
      {/* The region is there before its words, or they are not read out. */}
      <div
        role="status"
        className={said !== null ? "toast" : "note-none"}
        onPointerEnter={() => hold(true)}
        onPointerLeave={() => hold(false)}
        onFocus={() => hold(true)}
        onBlur={() => hold(false)}
      >
        {said !== null && (
          <>
            <span>{said}</span>
            <Button className="button small" aria-keyshortcuts="Control+Z" onPress={undo.takeBack}>
              {say("undo")} <kbd>{say("toast.key")}</kbd>
            </Button>
          </>
        )}
      </div>
    </>
  )
}
