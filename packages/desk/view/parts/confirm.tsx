import type { ReactNode } from "react"
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components"

/** Asks before what can't be undone. Escape and the first button change nothing. */
export function Confirm(props: {
  readonly isOpen: boolean
  readonly title: string
  readonly children: ReactNode
  readonly cancel: string
  readonly confirm: string
  readonly isGrave?: boolean
  readonly isBusy?: boolean
  readonly onCancel: () => void
  readonly onConfirm: () => void
}) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen={props.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onCancel()
      }}
    >
      <Modal className="modal">
        <Dialog role="alertdialog" className="dialog">
          <Heading slot="title">{props.title}</Heading>
          {props.children}
          <div className="actions">
            <Button className="button" autoFocus onPress={props.onCancel}>
              {props.cancel}
            </Button>
            <Button
              className={props.isGrave ? "button grave" : "button primary"}
              isDisabled={props.isBusy ?? false}
              onPress={props.onConfirm}
            >
              {props.confirm}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
