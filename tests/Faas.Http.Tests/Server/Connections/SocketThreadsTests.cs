using Faas.Http.Server.Connections;
using Xunit;

namespace Faas.Http.Tests.Server.Connections;

/// <summary>
/// How .NET is told who handles what a socket has to say. It reads the variable once, so that no socket of this process minds.
/// </summary>
public sealed class SocketThreadsTests : IDisposable
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    [Theory]
    [InlineData(null, "1")]
    [InlineData("1", "1")]
    [InlineData("0", "0")]
    public void The_threads_that_wait_do_the_work_unless_the_operator_says_otherwise(string? set, string expected)
    {
        Environment.SetEnvironmentVariable(Variable, set);

        SocketThreads.RunWhatTheyRead();

        Assert.Equal(expected, Environment.GetEnvironmentVariable(Variable));
    }

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, _before);
}
