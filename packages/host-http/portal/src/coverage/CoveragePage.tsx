import { Group, NativeSelect, Text, TextInput } from "@mantine/core"
import { IconSearch, IconWorldSearch } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Empty } from "../ui/Empty.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { ownDirection } from "../ui/ownDirection.ts"
import { Page } from "../ui/Page.tsx"
import { useIsNarrow } from "../ui/useIsNarrow.ts"
import { type CountryCoverage, coverageQuery } from "./coverage.ts"
import { CoverageTable } from "./CoverageTable.tsx"
import { type CoverageSearch, SORT_KEYS, type SortKey } from "./coverageSearch.ts"
import { useRows } from "./useRows.ts"

const route = getRouteApi("/coverage")

export const CoveragePage = () => {
  const { t } = useTranslation("coverage")
  const coverage = useQuery(coverageQuery)
  return (
    <Page title={t("title")} intro={t("intro")}>
      <Loaded query={coverage} lines={12}>
        {({ countries }) => <Countries countries={countries} />}
      </Loaded>
    </Page>
  )
}

const Countries = ({ countries }: { readonly countries: ReadonlyArray<CountryCoverage> }) => {
  const { t } = useTranslation("coverage")
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const narrow = useIsNarrow()
  const rows = useRows(countries, search)
  const { q = "", sort = "country" } = search

  const change = (next: CoverageSearch) => void navigate({ search: next, replace: true, resetScroll: false })
  const find = (text: string) => {
    const { q: _, ...others } = search
    change(text === "" ? others : { ...others, q: text })
  }
  /** By the same column again: the other way round. */
  const sortBy = (key: SortKey) => {
    const turned = key === sort && search.desc !== true
    change({ ...(q === "" ? {} : { q }), sort: key, ...(turned ? { desc: true } : {}) })
  }

  return (
    <>
      <Group align="flex-end">
        <TextInput
          type="search"
          label={t("search")}
          placeholder={t("searchHint")}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={q}
          onChange={(event) => find(event.currentTarget.value)}
          {...ownDirection(q)}
          w={{ base: "100%", sm: 340 }}
        />
        {narrow && (
          <NativeSelect
            label={t("sortBy")}
            value={sort}
            onChange={({ currentTarget: { value } }) => {
              const key = SORT_KEYS.find((known) => known === value)
              if (key !== undefined && key !== sort) sortBy(key)
            }}
            w="100%"
          >
            {SORT_KEYS.map((key) => (
              <option key={key} value={key}>
                {t(`column.${key}`)}
              </option>
            ))}
          </NativeSelect>
        )}
        <Text role="status" size="sm" c="dimmed" pb={{ sm: 8 }}>
          {t("results", { count: rows.length })}
        </Text>
      </Group>
      {rows.length === 0 ? (
        <Empty Icon={IconWorldSearch} title={t("empty.title")} text={t("empty.text", { search: q })} />
      ) : (
        <CoverageTable rows={rows} sort={sort} descending={search.desc ?? false} onSort={sortBy} />
      )}
    </>
  )
}
