using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Faas.Http.Tests.Api.Calls;

public sealed class ScriptUrlTests
{
    [Theory]
    [InlineData("/run/math/add", "math/add")]
    [InlineData("/run/math/add?version=1&x=/../", "math/add")]
    [InlineData("/RUN/a", "a")]
    [InlineData("/%72un/a", "a")]
    [InlineData("http://127.0.0.1:8080/run/math/add?version=1", "math/add")]
    [InlineData("/run/a%20b+c", "a b+c")]
    [InlineData("/run/caf%C3%A9", "café")]
    [InlineData("/run/100%25", "100%")]
    [InlineData("/run/a%252Fb", "a%2Fb")]
    [InlineData("/run/math%2Fadd", "math/add")]
    [InlineData("/run/a%2fb/c", "a/b/c")]
    [InlineData("/run/...", "...")]
    [InlineData("/run/a%3Fb", "a?b")]
    public void The_path_is_decoded_exactly_once(string target, string path) => Assert.Equal(path, ScriptUrl.PathOf(target));

    [Theory]
    [InlineData("/run", "must not be empty")]
    [InlineData("/run/", "must not be empty")]
    [InlineData("/run/a/", "must not contain empty segments, nor start or end with a slash")]
    [InlineData("/run//a", "must not contain empty segments, nor start or end with a slash")]
    [InlineData("/run/a/../b", "must not contain \".\" or \"..\" segments")]
    [InlineData("/run/%2e%2E/b", "must not contain \".\" or \"..\" segments")]
    [InlineData("/x/../run/b", "must not contain \".\" or \"..\" segments")]
    [InlineData("/run/./b", "must not contain \".\" or \"..\" segments")]
    [InlineData("/run/a%2Fb%2f", "must not contain empty segments, nor start or end with a slash")]
    [InlineData("/run/a%2f..%2fb", "must not contain \".\" or \"..\" segments")]
    [InlineData("/run/a%00b", "must not contain control characters")]
    [InlineData("/run/a%0D%0Ab", "must not contain control characters")]
    [InlineData("/run/a%C2%85b", "must not contain control characters")]
    [InlineData("/run/%C3", "is not UTF-8")]
    [InlineData("/run/%C0%AE%C0%AE", "is not UTF-8")]
    [InlineData("/run/a%", "has a % that is not followed by two hexadecimal digits")]
    [InlineData("/run/a%2", "has a % that is not followed by two hexadecimal digits")]
    [InlineData("/run/a%zz", "has a % that is not followed by two hexadecimal digits")]
    [InlineData("/run/a%+1", "has a % that is not followed by two hexadecimal digits")]
    [InlineData("/run/%41é", "has characters that must be percent-encoded")]
    [InlineData("*", "must not be empty")]
    public void A_path_that_could_mean_two_things_is_refused(string target, string wrong)
    {
        var problem = Assert.Throws<ProblemException>(() => ScriptUrl.PathOf(target)).Problem;
        Assert.Equal((400, $"The path in the URL {wrong}."), (problem.Status, problem.Detail));
    }

    [Fact]
    public void The_length_counts_after_decoding()
    {
        Assert.Equal(ScriptPath.MaxBytes, ScriptUrl.PathOf("/run/" + string.Concat(Enumerable.Repeat("%61", ScriptPath.MaxBytes))).Length);
        Assert.Throws<ProblemException>(() => ScriptUrl.PathOf("/run/" + new string('a', ScriptPath.MaxBytes + 1)));
    }

    [Theory]
    [InlineData("/api/v1/scripts/math%2Fadd", "math/add")]
    [InlineData("/api/v1/scripts/math%2fadd/versions/1?limit=1", "math/add")]
    [InlineData("http://127.0.0.1:8080/api/v1/scripts/a/versions", "a")]
    [InlineData("/%61pi/v1/scripts/caf%C3%A9", "café")]
    public void In_management_the_path_is_one_segment(string target, string path) =>
        Assert.Equal(path, ScriptUrl.PathInManagement(target));

    [Theory]
    [InlineData("/api/v1/scripts/", "must not be empty")]
    [InlineData("/api/v1/scripts", "must not be empty")]
    [InlineData("/api/v1/scripts/%2Fa", "must not contain empty segments, nor start or end with a slash")]
    [InlineData("/api/v1/scripts/x/../a", "must not contain \".\" or \"..\" segments")]
    [InlineData("/api/v1/scripts/%2E%2E%2Fa", "must not contain \".\" or \"..\" segments")]
    public void And_no_other_path_could_be_meant(string target, string wrong) => Assert.Equal(
        $"The path in the URL {wrong}.", Assert.Throws<ProblemException>(() => ScriptUrl.PathInManagement(target)).Problem.Detail);

    [Theory]
    [InlineData("1739000000", 1_739_000_000L)]
    [InlineData("007", 7L)]
    [InlineData("", null)]
    [InlineData("latest", null)]
    [InlineData(null, null)]
    public void The_version_is_a_number_or_the_latest(string? text, long? version) =>
        Assert.Equal(new VersionRef(version), ScriptUrl.VersionOf(Query(text)));

    [Theory]
    [InlineData("stable")]
    [InlineData("1.0")]
    [InlineData("-1")]
    [InlineData("0x10")]
    [InlineData("Latest")]
    public void Or_an_alias(string text) => Assert.Equal(new VersionRef(null, text), ScriptUrl.VersionOf(Query(text)));

    [Theory]
    [InlineData(" 1")]
    [InlineData("a/b")]
    [InlineData("Latest version")]
    [InlineData("99999999999999999999")]
    [InlineData("١")]
    public void Anything_else_is_refused_instead_of_running_the_latest(string text) =>
        Assert.Equal(400, Assert.Throws<ProblemException>(() => ScriptUrl.VersionOf(Query(text))).Problem.Status);

    [Fact]
    public void Two_versions_are_one_too_many() =>
        Assert.Throws<ProblemException>(() => ScriptUrl.VersionOf(Query(new StringValues(["1", "2"]))));

    private static QueryCollection Query(StringValues version) => new(new Dictionary<string, StringValues> { ["version"] = version });
}
