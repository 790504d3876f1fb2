/** Records with the same fields: a table, and on a phone a list of cards. */
import { Group, Paper, Stack, Table, Text, UnstyledButton } from "@mantine/core"
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { Fact, Facts } from "./Facts.tsx"
import { useIsNarrow } from "./useIsNarrow.ts"

export interface Column<Key extends string> {
  readonly key: Key
  readonly header: string
  /** Amounts stand at the end of their column. */
  readonly numeric?: boolean
  readonly sort?: Sort
}

interface Sort {
  readonly direction: "ascending" | "descending" | "none"
  readonly onSort: () => void
}

export interface TableRecord<Key extends string> {
  readonly id: string | number
  readonly cells: Readonly<Record<Key, ReactNode>>
  /** What can be done with it. */
  readonly action?: ReactNode
}

interface Props<Key extends string> {
  /** What these records are. */
  readonly label: string
  /** The first one is a card's title. */
  readonly columns: readonly [Column<Key>, ...ReadonlyArray<Column<Key>>]
  readonly records: ReadonlyArray<TableRecord<Key>>
  /** Heads the column of what can be done; none without it. */
  readonly actions?: string
}

export const RecordTable = <Key extends string>(props: Props<Key>) =>
  useIsNarrow() ? <Cards {...props} /> : <Rows {...props} />

const endOf = (numeric: boolean | undefined) => (numeric === true ? "end" : "start")

const Rows = <Key extends string>({ actions, columns, label, records }: Props<Key>) => (
  <Paper withBorder style={{ overflowX: "auto" }}>
    <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ header, key, numeric, sort }) => (
            <Table.Th key={key} scope="col" ta={endOf(numeric)} aria-sort={sort?.direction}>
              {sort === undefined ? header : <SortButton header={header} {...sort} />}
            </Table.Th>
          ))}
          {actions !== undefined && (
            <Table.Th scope="col">
              <span className="visually-hidden">{actions}</span>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {records.map(({ action, cells, id }) => (
          <Table.Tr key={id}>
            {columns.map(({ key, numeric }) => (
              <Table.Td key={key} ta={endOf(numeric)}>
                {cells[key]}
              </Table.Td>
            ))}
            {actions !== undefined && <Table.Td ta="end">{action}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Paper>
)

const ARROWS = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort }

const SortButton = ({ direction, header, onSort }: Sort & { readonly header: string }) => {
  const Arrow = ARROWS[direction]
  return (
    <UnstyledButton onClick={onSort} fz="inherit" fw="inherit">
      <Group component="span" gap={4} wrap="nowrap" display="inline-flex">
        {header}
        <Arrow size={14} aria-hidden />
      </Group>
    </UnstyledButton>
  )
}

const Cards = <Key extends string>({ columns: [title, ...others], label, records }: Props<Key>) => (
  <Stack component="ul" gap="sm" m={0} p={0} aria-label={label} style={{ listStyle: "none" }}>
    {records.map(({ action, cells, id }) => (
      <Paper key={id} component="li" withBorder p="md">
        <Stack gap="xs">
          <Text component="div" fw={600}>
            {cells[title.key]}
          </Text>
          <Facts>
            {others.map(({ header, key }) => (
              <Fact key={key} name={header}>
                {cells[key]}
              </Fact>
            ))}
          </Facts>
          {action}
        </Stack>
      </Paper>
    ))}
  </Stack>
)
