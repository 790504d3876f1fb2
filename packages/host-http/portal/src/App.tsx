import { DirectionProvider, MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { theme } from "./theme.ts"
import { makeQueryClient } from "./api/queryClient.ts"
import { router } from "./router.tsx"
import { useDirection } from "./i18n/useDirection.ts"
import { styleNonce } from "./styleNonce.ts"

const queryClient = makeQueryClient()

export const App = () => (
  <DirectionProvider key={useDirection()}>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </DirectionProvider>
)
