import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from "react-aria-components"

export interface Option<Value extends string> {
  readonly value: Value
  readonly label: string
}

/** One of several, in a list that opens. */
export function Choice<Value extends string>(props: {
  readonly label: string
  readonly value: Value
  readonly options: readonly Option<Value>[]
  readonly onChange: (value: Value) => void
  readonly hint?: string
  readonly error?: string | undefined
}) {
  return (
    <Select
      className="field choice"
      value={props.value}
      onChange={(key) => props.onChange(key as Value)}
      isInvalid={props.error !== undefined}
    >
      <Label>{props.label}</Label>
      <Button className="choice-button">
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      {props.hint !== undefined && (
        <Text slot="description" className="hint">
          {props.hint}
        </Text>
      )}
      {props.error !== undefined && (
        <Text slot="errorMessage" className="error">
          {props.error}
        </Text>
      )}
      <Popover className="choice-list" containerPadding={8}>
        <ListBox items={props.options.map((option) => ({ id: option.value, label: option.label }))}>
          {(option) => <ListBoxItem textValue={option.label}>{option.label}</ListBoxItem>}
        </ListBox>
      </Popover>
    </Select>
  )
}
