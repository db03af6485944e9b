using System.Text.Json;
using Xunit;

namespace Faas.Http.Tests.Testing;

/// <summary>Looks at an answer's problem document.</summary>
public static class Reply
{
    /// <summary>The problem, after checking what every problem has.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        Assert.Equal(response.Header("X-Call-Id"), problem.GetProperty("callId").GetString());
        return problem;
    }

    /// <summary>Checks the status and the reason, and returns the detail.</summary>
    public static async Task<string> ProblemAsync(this HttpResponseMessage response, int status, string reason)
    {
        var problem = await response.ProblemAsync();
        Assert.Equal((status, reason), ((int)response.StatusCode, problem.GetProperty("reason").GetString()));
        return problem.GetProperty("detail").GetString()!;
    }

    /// <summary>The one value of a header.</summary>
    public static string Header(this HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
