import { useState } from "react"
import { Button } from "react-aria-components"
import type { AskError } from "../../view/ask.ts"
import { Confirm } from "../../view/parts/confirm.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { saveFile } from "../../view/save-file.ts"
import { useSpeech } from "../../view/words.ts"
import { askHotline } from "./ask-hotline.ts"

/** The queue leaves the vault: so it asks first. */
export function ExportButton() {
  const { say } = useSpeech()
  const [asks, setAsks] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<AskError | null>(null)
  const save = async () => {
    setIsBusy(true)
    const answer = await askHotline("hotline/export", {})
    setIsBusy(false)
    setAsks(false)
    setError(answer.ok ? null : answer.error)
    if (answer.ok) saveFile([answer.value], "text/csv", "list.csv")
  }
  return (
    <div className="queue-tools">
      <ProblemNote error={error} />
      <Button className="button small" onPress={() => setAsks(true)}>
        {say("hotline.export")}
      </Button>
      <Confirm
        isOpen={asks}
        title={say("hotline.exportTitle")}
        cancel={say("cancel")}
        confirm={say("hotline.exportDo")}
        isGrave
        isBusy={isBusy}
        onCancel={() => setAsks(false)}
        onConfirm={() => void save()}
      >
        <p>{say("hotline.exportText")}</p>
      </Confirm>
    </div>
  )
}
