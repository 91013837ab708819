/**
 * Which documents the server gets to see.
 *
 * Owns the document selector. Which of these documents has findings is the server's business.
 */

/** A filter as the protocol has it. `language` alone means any scheme, and cells of notebooks. */
export type Filter =
  { readonly language: string } | { readonly pattern: string; readonly scheme?: string };

/** Names that the server reads for what a project depends on, as patterns; no lock files. */
export const DEPENDENCY_FILES = [
  "**/pyproject.toml",
  "**/tox.toml",
  "**/uv.toml",
  "**/hatch.toml",
  "**/Pipfile",
  "**/pixi.toml",
  "**/*requirements*.txt",
  "**/*requirements*.in",
  "**/*requirements*.pip",
  "**/requirements/*.txt",
  "**/requirements/*.in",
  "**/requirements/*.pip",
  "**/requirements/*/*.txt",
  "**/requirements/*/*.in",
  "**/*constraints*.txt",
  "**/*constraints*.in",
  "**/constraints/*.txt",
  "**/setup.cfg",
  "**/tox.ini",
  "**/*environment*.yml",
  "**/*environment*.yaml",
  "**/conda.yml",
  "**/conda.yaml",
  "**/env.yml",
  "**/env.yaml",
  "**/meta.yaml",
  "**/recipe.yaml",
  "**/.pre-commit-config.yaml",
  "**/docker-compose*.yml",
  "**/docker-compose*.yaml",
  "**/compose*.yml",
  "**/compose*.yaml",
  "**/Dockerfile",
  "**/Dockerfile.*",
  "**/*.Dockerfile",
  "**/Containerfile",
  "**/Containerfile.*",
  "**/workflows/*.yml",
  "**/workflows/*.yaml",
  "**/*.gitlab-ci.yml",
  "**/*.mk",
  "**/*.bat",
  "**/*.ps1",
  "**/Jenkinsfile",
  "**/cloudbuild*.yml",
  "**/cloudbuild*.yaml",
  "**/devcontainer.json",
  "**/action.yml",
  "**/action.yaml",
  "**/.circleci/*.yml",
  "**/azure-pipelines*.yml",
  "**/.travis.yml",
  "**/bitbucket-pipelines.yml",
  "**/.readthedocs.yml",
  "**/.readthedocs.yaml",
  "**/Taskfile.yml",
  "**/Taskfile.yaml",
  "**/justfile",
  "**/dependabot.yml",
  "**/dependabot.yaml",
  "**/renovate.json",
  "**/renovate.json5",
  "**/.renovaterc",
  "**/.renovaterc.json",
  "**/Makefile",
  "**/*.sh",
  "**/*.bash",
  "**/Procfile",
  "**/Procfile.*",
] as const;

/** The document selector. */
export const SELECTOR: readonly Filter[] = [
  { language: "python" },
  ...DEPENDENCY_FILES.map((pattern) => ({ pattern })),
  // A notebook as the JSON it is: the server changes its file only as long as nobody else does.
  { scheme: "file", pattern: "**/*.ipynb" },
];

/** The scheme of what a document would be after a fix. */
export const AFTER = "sentry-migrate-after";

const HISTORY = new Set([
  ...["git", "gitlens", "hg", "pr", "review", "svn", "vscode-local-history"],
  AFTER,
]);

/**
 * Whether a document is another version of one that is open or on disk. Its findings would stand in
 * the list of problems a second time, and cannot be fixed there.
 */
export function isHistory(scheme: string): boolean {
  return HISTORY.has(scheme);
}
