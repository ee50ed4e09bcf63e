/** What estimators are called for people, in the order in which they are read. */
import type { EstimatorId } from "./result.ts"

export const ESTIMATOR_NAMES: Readonly<Record<EstimatorId, string>> = {
  "log-linear-model": "The model that was asked for",
  independence: "Independent lists",
  chapman: "Chapman, two lists",
  chao: "Chao, at least",
  "chao-mth": "Chao with list effects, at least",
  "log-linear-bic": "Log-linear, best by BIC",
  "log-linear-aicc": "Log-linear, best by AICc",
  "log-linear-averaged": "Log-linear, averaged",
  "log-linear-stepwise": "Log-linear, stepwise",
  "log-linear-bootstrap": "Log-linear, interval by bootstrap",
  "decomposable-graphs": "Decomposable graphs, Bayesian",
  lcmcr: "Latent classes, Bayesian",
  "no-highest-order": "All but the highest interaction",
}
