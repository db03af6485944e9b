namespace Faas.Http.Wire.Problems;

/// <summary>The request cannot be answered with a success; the server's outermost handler writes the problem.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What to answer.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>The request itself is wrong.</summary>
    public static ProblemException Malformed(string detail) => new(FaasProblems.Malformed(detail));
}
