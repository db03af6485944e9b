using Faas.Actors.Runs.Images;
using Xunit;

namespace Faas.Actors.Tests.Runs.Images;

public sealed class ImageLibrariesTests
{
    [Theory]
    [InlineData("numpy-1.24.2.egg-info", "numpy", "1.24.2")]
    [InlineData("Foo_Bar-1.0-py3.egg-info", "Foo_Bar", "1.0")]
    [InlineData("Foo.Bar-1.0+ds.1-py3.11.egg-info", "Foo.Bar", "1.0+ds.1")]
    [InlineData("PyYAML-6.0.dist-info", "PyYAML", "6.0")]
    [InlineData("pip-23.0.1rc1.dist-info", "pip", "23.0.1rc1")]
    public void The_name_of_a_record_says_library_and_version(string record, string name, string version) =>
        Assert.Equal(new(name, version), ImageLibraries.Of(record));

    [Theory]
    [InlineData("numpy")]
    [InlineData("numpy.egg-info")]
    [InlineData("some-info")]
    [InlineData("numpy-1.24.2.dist-info.old")]
    [InlineData("numpy-1.24.2.data")]
    public void Another_name_is_no_record(string name) => Assert.Null(ImageLibraries.Of(name));

    [Theory]
    [InlineData("1.0", "1", true)]
    [InlineData("1.0.0", "1.0", true)]
    [InlineData("1.0rc1", "1.0.0RC1", true)]
    [InlineData("1.0+ds_1", "1.0.0+DS-1", true)]
    [InlineData("1.0.post1", "1.post1", true)]
    [InlineData("1.10", "1.1", false)]
    [InlineData("1.0.1", "1.1", false)]
    [InlineData("1.0rc10", "1.0rc1", false)]
    [InlineData("1.24.2", "9.9.9", false)]
    public void Versions_that_are_written_in_different_ways_are_the_same(string one, string other, bool isSame) =>
        Assert.Equal((isSame, isSame), (ImageLibraries.IsSameVersion(one, other), ImageLibraries.IsSameVersion(other, one)));
}
