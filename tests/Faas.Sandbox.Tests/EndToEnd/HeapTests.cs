namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>V8 knows the memory of its sandbox.</summary>
public sealed class HeapTests
{
    // Holds few objects at a time, and makes many.
    private const string Garbage =
        "let seen = 0; for (let round = 0; round < 100; round++) seen += new Array(event.n).fill(0).map((_, id) => ({ id })).length; return seen";

    private const string Full = "const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length + 0.5));";

    [Theory]
    [InlineData("48M", 20_000)]
    [InlineData("64M", 50_000)]
    [InlineData("128M", 50_000)]
    [InlineData("256M", 200_000)]
    public async Task Garbage_is_collected_before_the_sandbox_is_full_and_a_full_heap_is_told(string memory, int n)
    {
        await using var server = await FaasServer.StartAsync($"faas.sandbox.memory = {memory}");

        Assert.Equal($"{100 * n}", (await server.RunNowAsync("javascript", Garbage, new { n })).Data);
        var full = await server.RunNowAsync("javascript", Full);
        Assert.Equal("oom", full.Reason);
        Assert.Contains("V8's heap", full.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    public async Task What_the_kernel_has_ended_is_told_apart()
    {
        await using var server = await FaasServer.StartAsync("faas.sandbox.memory = 96M");
        var outside = await server.RunNowAsync("javascript", "const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1));");

        Assert.Equal("oom", outside.Reason);
        Assert.DoesNotContain("V8", outside.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await server.EndAsync();
    }
}
