import { NativeSelect } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { numbersQuery } from "../numbers/numbers.ts"

const ALL = ""

interface Props {
  /** Undefined: all numbers. */
  readonly value: number | undefined
  readonly onChange: (id: number | undefined) => void
}

export const NumberFilter = ({ onChange, value }: Props) => {
  const { t } = useTranslation("optOuts")
  const { data } = useQuery(numbersQuery)
  return (
    <NativeSelect
      label={t("filter")}
      maw={280}
      value={value === undefined ? ALL : String(value)}
      onChange={({ currentTarget }) => onChange(currentTarget.value === ALL ? undefined : Number(currentTarget.value))}
    >
      <option value={ALL}>{t("allNumbers")}</option>
      {data?.numbers.map(({ id, number }) => (
        <option key={id} value={String(id)} dir="ltr">
          {number}
        </option>
      ))}
    </NativeSelect>
  )
}
