namespace Faas.Http.Wire.Problems;

/// <summary>Answers with a problem where an endpoint returns its answer as a value.</summary>
public sealed class ProblemReply(Problem problem) : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => ProblemWriter.WriteAsync(httpContext, problem);
}
