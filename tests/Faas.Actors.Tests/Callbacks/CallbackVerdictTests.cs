using Faas.Actors.Callbacks;
using Faas.Actors.Configuration;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Xunit;

namespace Faas.Actors.Tests.Callbacks;

/// <summary>What follows from an attempt, how late the next one comes, and the settings that say it.</summary>
public sealed class CallbackVerdictTests
{
    private static readonly CallbackOptions s_options = CallbackExample.Options();

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 15)]
    [InlineData(3, 45)]
    [InlineData(6, 1215)]
    [InlineData(7, 3600)]
    [InlineData(100, 3600)]
    public void A_delay_is_three_times_the_one_before_up_to_the_longest_less_a_random_part(int attempt, double seconds)
    {
        Assert.Equal(seconds, CallbackDelays.After(s_options, attempt, null, 0).TotalSeconds, 6);
        Assert.Equal(seconds * 0.75, CallbackDelays.After(s_options, attempt, null, 0.5).TotalSeconds, 6);
        Assert.InRange(CallbackDelays.After(s_options, attempt, null, 0.999).TotalSeconds, seconds / 2, seconds);
    }

    [Theory]
    [InlineData(1, 5)] // sooner than the delay
    [InlineData(60, 60)]
    [InlineData(86_400, 3600)] // later than the longest
    [InlineData(-5, 5)]
    public void A_receiver_may_ask_for_a_longer_delay_up_to_the_longest(double asked, double seconds) =>
        Assert.Equal(seconds, CallbackDelays.After(s_options, 1, TimeSpan.FromSeconds(asked), 0).TotalSeconds, 6);

    [Theory]
    [InlineData(200, 1, CallbackState.Delivered)]
    [InlineData(299, 10, CallbackState.Delivered)]
    [InlineData(410, 1, CallbackState.Dead)]
    [InlineData(302, 1, CallbackState.Pending)]
    [InlineData(400, 9, CallbackState.Pending)]
    [InlineData(500, 10, CallbackState.Dead)]
    [InlineData(null, 9, CallbackState.Pending)]
    [InlineData(null, 10, CallbackState.Dead)]
    public void An_answer_decides_what_becomes_of_the_callback(int? status, int attempt, CallbackState state)
    {
        var answer = new CallbackAnswer(status, status is null ? "No address." : null);
        var note = CallbackVerdict.Of(s_options, attempt, answer, retryAfter: null);
        Assert.Equal((state, answer, state == CallbackState.Pending), (note.State, note.Answer, note.Delay > TimeSpan.Zero));
    }

    [Fact]
    public void The_settings_are_read_and_a_wrong_one_is_named_and_a_secret_is_not_shown()
    {
        var read = Read();
        Assert.Equal((3, 2, "a.example.com, b.example.com:80"), (read.Attempts, read.Secrets.Count, $"{read.Hosts}"));
        Assert.Null(read.Missing);
        Assert.Equal("faas.callbacks.hosts", Read(("hosts", "")).Missing);
        Assert.Equal("faas.callbacks.secret", Read(("secret", "")).Missing);
        foreach (var (key, value, says) in new[]
        {
            ("hosts", "a b", "faas.callbacks.hosts = \"a b\": allowed is a host name"),
            ("secret", "whsec_tooshort", "faas.callbacks.secret = \"(not shown)\": allowed is whsec_"),
            ("attempts", "0", "faas.callbacks.attempts = \"0\": allowed is a whole number from 1 to 100"),
            ("longest-delay", "1s", "faas.callbacks.longest-delay = \"1s\": allowed is a duration from 2s to "),
            ("timeout", "1h", "faas.callbacks.timeout = \"1h\": allowed is a duration from 100ms to "),
        })
        {
            Assert.StartsWith(says, Assert.Throws<SettingException>(() => Read((key, value))).Message, StringComparison.Ordinal);
        }
    }

    private static CallbackOptions Read(params (string Key, string Value)[] changes)
    {
        var values = new Dictionary<string, string>
        {
            ["hosts"] = "a.example.com, b.example.com:80",
            ["secret"] = $"{CallbackExample.Secret},{CallbackExample.OtherSecret}",
            ["attempts"] = "3",
            ["first-delay"] = "2s",
            ["longest-delay"] = "1m",
            ["timeout"] = "10s",
        };
        foreach (var (key, value) in changes)
        {
            values[key] = value;
        }

        return CallbackOptions.From(new Settings(
            values.ToDictionary(value => $"faas.callbacks.{value.Key}", value => new SettingValue([value.Value], IsList: false, null))));
    }
}
