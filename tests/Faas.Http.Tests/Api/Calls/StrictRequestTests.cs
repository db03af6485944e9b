using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Calls;

public sealed class StrictRequestTests
{
    [Theory]
    [InlineData("/api/v1/scripts/math%2Fadd")]
    [InlineData("/api/v1/scripts/math%2Fadd/versions/7")]
    [InlineData("/api/v1/scripts/math%2Fadd/aliases/live")]
    [InlineData("/api/v1/schedules/nightly")]
    [InlineData("/api/v1/secrets/token")]
    [InlineData("/api/v1/keys/ci")]
    [InlineData("/api/v1/runs/0194e4e8c3~k1")]
    [InlineData("/api/v1/batches/0194e4e8c3~b1")]
    [InlineData("/api/v1/pool/runs/0194e4e8c2~7")]
    [InlineData("/api/v1/pool/drain")]
    public async Task A_deletion_with_a_query_is_refused(string address)
    {
        await using var faas = await FaasUnderTest.StartAsync();

        using var answer = await faas.Client.DeleteAsync($"{address}?dryRun=true");

        Assert.Equal("query: \"dryRun\" is unknown. No query is allowed here.", await answer.ProblemAsync(400, "malformed"));
    }
}
