import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/**
 * The import directions of the house (DESIGN 3), as rules. Every import that leaves its folder goes through `@/`,
 * so the specifier alone says which zone it enters.
 */
const pkg = {
  drizzle: { regex: '^(drizzle-orm|postgres)(/|$)', message: 'Only db/postgres talks to Postgres.' },
  ioredis: { regex: '^ioredis(/|$)', message: 'Only db/redis talks to Redis.' },
  recharts: { regex: '^recharts(/|$)', message: 'Only components/charts draws with recharts.' },
  link: { regex: '^next/link$', message: 'Use components/ui/link: it fetches nothing ahead.' },
  parent: { group: ['../*'], message: 'Use @/ for anything outside this folder.' },
}
const zone = (folder, message, extra = {}) => ({ group: [`@/${folder}/**`, `@/${folder}`], message, ...extra })

const imports = (files, ...patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [pkg.parent, ...patterns] }] },
})

export default tseslint.config(
  { ignores: ['.next*/**', '.engram/**', 'next-env.d.ts', 'drizzle/**', 'test-results/**', 'sdk/dist/**'] },
  ...tseslint.configs.recommended,
  reactHooks.configs.flat.recommended,
  {
    rules: {
      'no-console': 'error',
      'no-restricted-exports': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from where it is defined.' },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'process.env is read in env.ts files only.',
        },
        {
          selector: "CallExpression[callee.property.name='waitForTimeout']",
          message: 'Wait for what the user sees, not for time.',
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/env.ts', '*.config.*', 'e2e/**', 'scripts/**', 'bench/**', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
  imports(['app/**'], pkg.link, pkg.drizzle, pkg.ioredis, pkg.recharts, zone('db', 'Pages go through server/.')),
  imports(
    ['components/**'],
    pkg.link,
    pkg.drizzle,
    pkg.ioredis,
    pkg.recharts,
    zone('db', 'Components see the server only.'),
    zone('app', 'app composes components, not the other way round.'),
    {
      regex: '^@/server/(?!.*\\.schema$)',
      message: 'Components may import types and *.schema from the server.',
      allowTypeImports: true,
    },
  ),
  imports(
    ['components/charts/**'],
    pkg.link,
    pkg.drizzle,
    pkg.ioredis,
    zone('db', 'Components see the server only.'),
    zone('app', 'app composes components, not the other way round.'),
    {
      regex: '^@/server/(?!.*\\.schema$)',
      message: 'Components may import types and *.schema from the server.',
      allowTypeImports: true,
    },
  ),
  imports(
    ['server/**'],
    pkg.drizzle,
    pkg.ioredis,
    pkg.recharts,
    zone('app', 'server knows no pages.'),
    zone('components', 'server knows no pixels.'),
  ),
  ...['postgres', 'redis'].map((store) =>
    imports(
      [`db/${store}/**`],
      store === 'postgres' ? pkg.ioredis : pkg.drizzle,
      zone('server', 'db knows nothing above it.'),
      zone('app', 'db knows nothing above it.'),
      zone('components', 'db knows nothing above it.'),
    ),
  ),
  imports(['sdk/src/**'], zone('*', 'The SDK stands alone.'), pkg.drizzle, pkg.ioredis),
)
