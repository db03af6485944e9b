using System.Text.Json;
using Faas.Http.Server.Logs;
using Faas.Http.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Http.Tests.Server.Logs;

public sealed class JsonLineFormatterTests
{
    [Fact]
    public void An_entry_is_one_line_with_its_fields_as_members()
    {
        var record = new CallRecord { Path = "math/\u00fc \"x\"\n", Reason = "ok", InputBytes = 3 };
        var call = new CallLine(new Answered("POST", "/run/x", 200, TimeSpan.FromSeconds(0.25), "id", null), record);

        using var json = JsonDocument.Parse(Line(call, call.ToString(), null));

        var root = json.RootElement;
        Assert.Equal(("info", "Faas.Test"), (root.GetProperty("level").GetString(), root.GetProperty("source").GetString()));
        Assert.Equal(
            (0.25m, 200, 3),
            (root.GetProperty("duration").GetDecimal(), root.GetProperty("status").GetInt32(), root.GetProperty("in").GetInt32()));
        Assert.Equal(record.Path, root.GetProperty("path").GetString());
        Assert.False(root.TryGetProperty("key", out _));
        Assert.InRange(root.GetProperty("time").GetDateTime(), DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow.AddMinutes(1));
    }

    [Fact]
    public void An_exception_stays_on_the_line()
    {
        using var json = JsonDocument.Parse(Line("state", "It broke.", new InvalidOperationException("one\ntwo")));
        Assert.Equal("It broke.", json.RootElement.GetProperty("message").GetString());
        Assert.Contains("one\ntwo", json.RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private static string Line<TState>(TState state, string message, Exception? exception)
    {
        using var written = new StringWriter();
        new JsonLineFormatter().Write(
            new LogEntry<TState>(LogLevel.Information, "Faas.Test", default, state, exception, (_, _) => message), null, written);
        var text = written.ToString();
        Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
        return text;
    }
}
