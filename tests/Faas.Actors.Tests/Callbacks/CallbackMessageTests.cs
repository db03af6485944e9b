using System.Text;
using System.Text.Json;
using Faas.Actors.Callbacks;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Tests.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Callbacks;

/// <summary>What a callback says.</summary>
public sealed class CallbackMessageTests
{
    [Theory]
    [InlineData("ok", "faas.run.ok")]
    [InlineData("timeout", "faas.run.failed")]
    [InlineData("cancelled", "faas.run.failed")]
    public void An_event_has_the_record_as_its_data(string reason, string type)
    {
        var message = CallbackMessage.Of(Run(CallbackFormat.CloudEvents, reason), """{"id":"c~k1","deep":[[1]]}"""u8.ToArray());
        Assert.Equal(("c~k1", "application/cloudevents+json; charset=utf-8"), (message.Id, message.ContentType));
        using var json = JsonDocument.Parse(message.Body);
        Assert.Equal(
            """{"specversion":"1.0","id":"c~k1","source":"/run/math/a%20b","type":"TYPE","subject":"c~k1","time":"1970-01-01T00:00:01Z","datacontenttype":"application/json","data":{"id":"c~k1","deep":[[1]]}}"""
                .Replace("TYPE", type, StringComparison.Ordinal),
            json.RootElement.GetRawText());
    }

    [Fact]
    public void A_plain_one_is_the_record()
    {
        var message = CallbackMessage.Of(Run(CallbackFormat.Plain, "ok"), "{}"u8.ToArray());
        Assert.Equal(
            ("c~k1", "application/json; charset=utf-8", "{}"),
            (message.Id, message.ContentType, Encoding.UTF8.GetString(message.Body.Span)));
    }

    private static KeptRun Run(CallbackFormat format, string reason)
    {
        var call = KeptExample.Call("math/a b") with { Callback = new KeptCallback("https://example.com/", format) };
        return new KeptRun("c~k1", 1, call, RunStage.Ended)
        {
            End = new KeptEnd { Reason = reason }, Ended = DateTimeOffset.UnixEpoch.AddSeconds(1),
        };
    }
}
