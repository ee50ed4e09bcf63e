import type { ReactNode } from "react"
import { FieldError, Input, Label, Text, TextArea, TextField } from "react-aria-components"

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly rows?: number
  readonly lang?: string
  readonly type?: "text" | "password" | "date" | "datetime-local" | "number"
  readonly isRequired?: boolean
  readonly autoFocus?: boolean
  readonly min?: string
  readonly max?: string
  readonly isReadOnly?: boolean
  /** In UTF-16 units, as the desk takes it. */
  readonly maxLength?: number
  /** The focus has left it. */
  readonly onBlur?: () => void
}

/** One labelled control with its hint and its error. Nothing typed is offered again or sent to a spelling service. */
export function Field(props: FieldProps) {
  const { label, value, onChange, hint, error, rows, lang, type = "text", min, max } = props
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      {...(props.maxLength ? { maxLength: props.maxLength } : {})}
      {...(props.onBlur ? { onBlur: props.onBlur } : {})}
      isInvalid={error !== undefined}
      isRequired={props.isRequired ?? false}
      isReadOnly={props.isReadOnly ?? false}
      validationBehavior="aria"
      autoComplete="off"
      type={type === "password" ? "password" : "text"}
      autoFocus={props.autoFocus ?? false}
    >
      <Label>{label}</Label>
      {rows ? (
        <TextArea rows={rows} lang={lang} spellCheck={false} />
      ) : (
        <Input type={type} lang={lang} spellCheck={false} min={min} max={max} />
      )}
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="error">{error}</FieldError>
    </TextField>
  )
}
